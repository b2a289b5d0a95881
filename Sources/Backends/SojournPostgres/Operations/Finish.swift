#if Postgres
import PQ
import SojournCore
import SojournModel

extension PostgresQueue {
    /// Ends attempts, each as its verdict says if its lease holds; answer i belongs to result i.
    func end(_ results: [AttemptResult]) async throws(BackendError) -> [SettlementStatus] {
        if results.isEmpty { return [] }
        let returning = results.lazy.filter { $0.verdict.status == .queued }.map(\.report.delivery.message)
        let gains = Gains(returning)
        let rows = try await database.run(database.sql.finish, Self.columns(results, now: database.now))
        await notices.wake(gains, through: database)
        let answers = try database.read { () throws(PQError) in try rows.boolArray(0, 0) }
        guard answers.count == results.count else { throw .unreadable("a finish") }
        return answers.map { $0 ? .settled : .leaseLost }
    }

    private static func columns(_ results: [AttemptResult], now: PQValue) -> [PQValue] {
        let reports = results.map(\.report)
        func texts(_ values: [String?]) -> PQValue {
            values.contains { $0 != nil } ? .textArray(values) : .null(.textArray)
        }
        let errors = reports.map(\.outcome.storedError)
        let stored = reports.map(\.outcome.storedResult)
        let instants = results.map { $0.verdict.availableAt?.microseconds }
        return [
            now, .uuidArray(reports.map(\.delivery.lease.task.uuid)),
            .uuidArray(reports.map(\.delivery.lease.token.uuid)),
            .int2Array(results.map { Int16($0.verdict.status.code) }),
            instants.contains { $0 != nil } ? .int8Array(instants) : .null(.int8Array),
            .boolArray(results.map(\.verdict.countsAttempt)), .textArray(reports.map(\.outcome.name)),
            .textArray(reports.map(\.worker)), .int8Array(reports.map(\.startedAt.microseconds)),
            .int8Array(reports.map(\.finishedAt.microseconds)), texts(results.map { $0.verdict.deadReason?.rawValue }),
            texts(errors), stored.contains { $0 != nil } ? .byteaArray(stored) : .null(.byteaArray),
        ]
    }
}
#endif
