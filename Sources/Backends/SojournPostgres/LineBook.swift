#if Postgres
import PQ
import SojournCore
import SojournModel
import Synchronization

/// Tasks of one lane and type; the table `lane` gives each a number, which never changes.
struct Line: Hashable, Sendable {
    let lane: Lane
    let type: TaskType

    init(_ message: TaskMessage) { (lane, type) = (message.lane, message.type) }

    /// Reads four columns from `column` on: queue, tenant, priority, type.
    init(_ rows: PQResult, _ row: Int, from column: Int) throws(PQError) {
        lane = Lane(
            queue: QueueName(trusted: try rows.text(row, column)),
            tenant: Tenant(trusted: try rows.text(row, column + 1)),
            priority: Priority(rawValue: try rows.int(row, column + 2)) ?? .default)
        type = TaskType(trusted: try rows.text(row, column + 3))
    }
}

/// The lines that this process knows by their numbers.
final class LineBook: Sendable {
    private let lines = Mutex<[Int: Line]>([:])

    /// The lines with these numbers; what is not known is read.
    func lines(_ numbers: Set<Int>, from database: Database) async throws(BackendError) -> [Int: Line] {
        let known = lines.withLock { $0 }
        let missing = numbers.filter { known[$0] == nil }
        if missing.isEmpty { return known }
        let wanted = PQValue.int4Array(missing.map { Int32(clamping: $0) })
        let rows = try await database.run(database.sql.lanes, [wanted])
        let read = try database.read {
            () throws(PQError) in
            var read: [Int: Line] = [:]
            for row in 0..<rows.rowCount { read[try rows.int(row, 0)] = try Line(rows, row, from: 1) }
            return read
        }
        return lines.withLock { lines in
            lines.merge(read) { _, new in new }
            return lines
        }
    }
}
#endif
