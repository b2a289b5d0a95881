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

    /// The lines whose numbers stand in the second column of `rows`; what is not known is read.
    func lines(in rows: PQResult, from database: Database) async throws(BackendError) -> [Int: Line] {
        let numbers = try database.read { () throws(PQError) in try Self.numbers(in: rows) }
        let known = lines.withLock { $0 }
        let missing = numbers.filter { known[$0] == nil }
        if missing.isEmpty { return known }
        let wanted = PQValue.int4Array(missing.map { Int32(clamping: $0) })
        let answer = try await database.run(database.sql.lanes, [wanted])
        let read = try database.read {
            () throws(PQError) in
            var read: [Int: Line] = [:]
            for row in 0..<answer.rowCount { read[try answer.int(row, 0)] = try Line(answer, row, from: 1) }
            return read
        }
        return lines.withLock { lines in
            lines.merge(read) { _, new in new }
            return lines
        }
    }

    private static func numbers(in rows: PQResult) throws(PQError) -> Set<Int> {
        var numbers: Set<Int> = []
        var last: Int?
        for row in 0..<rows.rowCount {
            // Neighbours are mostly of one line.
            guard let number = try rows.intOrNil(row, DeliveryRow.line), number != last else { continue }
            numbers.insert(number)
            last = number
        }
        return numbers
    }
}
#endif
