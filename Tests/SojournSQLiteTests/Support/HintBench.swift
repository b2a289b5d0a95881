#if SQLite
import Foundation
import Logging
import SojournCore
import SojournModel
import SojournSQLite
import SojournTestKit
import Synchronization

/// A hinted queue on one clock, and short words for what is done to it.
struct HintBench: Sendable {
    let time: ManualTime
    let store: SQLiteQueue
    let hints: LocalHints
    let queue: LocalTaskQueue
    let log: LogLines

    /// What is hinted now.
    var hinted: [TaskID] { hints.state.withLock { $0.hints.map(\.id) } }

    func enqueue(_ count: Int, queue name: QueueName = .default) async throws -> [TaskID] {
        let now = time.now()
        let tasks = (0..<count).map { _ in NewTask(message: Sample.message(queue: name, at: now)) }
        _ = try await queue.enqueue(tasks)
        return tasks.map(\.message.id)
    }

    /// Puts tasks into the store only, as a process does that dies before its push.
    func insert(_ count: Int, queue name: QueueName = .default) async throws -> [TaskID] {
        let now = time.now()
        let tasks = (0..<count).map { _ in NewTask(message: Sample.message(queue: name, at: now)) }
        _ = try await store.insert(tasks)
        return tasks.map(\.message.id)
    }

    func claim(_ limit: Int = 1_000) async throws -> [Delivery] {
        try await queue.claim(LeaseRequest(limit: limit, duration: .seconds(3_600)))
    }

    func claimIDs(_ limit: Int = 1_000) async throws -> [TaskID] { try await claim(limit).map(\.message.id) }

    /// What the outbox relay does.
    func relay() async throws { try await queue.publish(try await queue.store.unpublished(limit: 1_000)) }

    static func with(_ body: (HintBench) async throws -> Void) async throws {
        try await TemporaryFolder.with { folder in
            let time = ManualTime()
            let store = try SQLiteQueue(folder: folder.path, time: time)
            defer { store.close() }
            let hints = LocalHints(time: time)
            let log = LogLines()
            let hinted = HintedQueue(
                store: store, hints: hints, time: time, logger: Logger(label: "test") { _ in log.handler })
            let queue = LocalTaskQueue(store: hinted, backend: hinted, time: time)
            try await body(HintBench(time: time, store: store, hints: hints, queue: queue, log: log))
        }
    }
}

/// What was logged at warning and above, or as a notice.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    var handler: Handler { Handler(lines: self) }

    struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .notice

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { lines.lines.withLock { $0.append("\(event.message)") } }
    }
}
#endif
