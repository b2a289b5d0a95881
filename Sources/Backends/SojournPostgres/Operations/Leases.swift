#if Postgres
import PQ
public import SojournCore
public import SojournModel

extension PostgresQueue {
    /// Moves the end of leases to `duration` from now. Cancelled, it gives the connection up that does not answer.
    public func extend(_ leases: [Lease], by duration: Duration) async throws(BackendError) -> [LeaseStatus] {
        if leases.isEmpty { return [] }
        let rows = try await database.run(
            database.sql.extend,
            [
                database.now, .uuidArray(leases.map(\.task.uuid)), .uuidArray(leases.map(\.token.uuid)),
                .int8(duration.clamped(to: Limits.lease).wholeMicroseconds),
            ], isCancellable: true)
        return try database.read {
            () throws(PQError) in
            var statuses = [LeaseStatus](repeating: .lost, count: leases.count)
            for row in 0..<rows.rowCount {
                let index = try rows.int(row, 0) - 1
                let until = try rows.timestamp(row, 1)
                guard statuses.indices.contains(index) else { continue }
                statuses[index] = try rows.bool(row, 2) ? .cancelled(until: until) : .held(until: until)
            }
            return statuses
        }
    }

    /// Deliveries whose lease has ended, soonest first, and when the next lease ends.
    public func expired(
        limit: Int
    ) async throws(BackendError) -> (deliveries: [Delivery], nextExpiry: Timestamp?) {
        let rows = try await database.run(
            database.sql.expired, [database.now, .int4(Int32(clamping: min(limit, Limits.dutyBatch)))])
        let last = rows.rowCount - 1
        let next = try database.read {
            () throws(PQError) in last >= 0 ? try rows.timestampOrNil(last, 4) : nil
        }
        let deliveries = try await deliveries(rows, count: max(0, last))
        return (deliveries.map(\.delivery), next)
    }

    /// When the oldest lease that has ended did so. The next one's end is not asked for: that walks over the index
    /// entries of all leases that were settled since the last vacuum, 0.3 µs each.
    public func oldestExpiry() async throws(BackendError) -> Timestamp? {
        let rows = try await database.run(database.sql.oldestExpiry, [database.now])
        return try database.read { () throws(PQError) in try rows.timestampOrNil(0, 0) }
    }

    /// The deliveries that leases stand for.
    public func deliveries(
        of leases: [(task: TaskID, token: LeaseToken)]
    ) async throws(BackendError) -> [Delivery?] {
        if leases.isEmpty { return [] }
        let rows = try await database.run(
            database.sql.deliveries, [.uuidArray(leases.map(\.task.uuid)), .uuidArray(leases.map(\.token.uuid))])
        var deliveries = [Delivery?](repeating: nil, count: leases.count)
        for (place, delivery) in try await self.deliveries(rows, count: rows.rowCount)
        where deliveries.indices.contains(place - 1) {
            deliveries[place - 1] = delivery
        }
        return deliveries
    }

    /// The first rows as deliveries, each with what stands in the first column.
    private func deliveries(
        _ rows: PQResult, count: Int
    ) async throws(BackendError) -> [(place: Int, delivery: Delivery)] {
        let lines = try await lines.lines(in: rows, from: database)
        return try database.read {
            () throws(PQError) in
            var deliveries: [(place: Int, delivery: Delivery)] = []
            for row in 0..<count {
                guard let line = lines[try rows.int(row, DeliveryRow.line)] else { continue }
                deliveries.append(
                    (try rows.int(row, 0), try DeliveryRow(rows: rows, row: row).delivery(line)))
            }
            return deliveries
        }
    }
}
#endif
