import SojournCore
import SojournModel
import SojournWorker
import Synchronization

/// The pieces that the figures are made of.
enum Workload {
    static let type: TaskType = "noop"

    /// `count` tasks with payloads of `bytes` bytes.
    static func tasks(_ count: Int, bytes: Int, now: Timestamp) -> [NewTask] {
        let payload = [UInt8]("\"\(String(repeating: "x", count: max(0, bytes - 2)))\"".utf8)
        return (0..<count).map { _ in NewTask(message: TaskMessage(type: type, payload: payload, now: now)) }
    }

    /// Enqueues `count` tasks from `producers` callers at once, `batch` per call.
    static func enqueue(
        _ count: Int, into queue: LocalTaskQueue, batch: Int, producers: Int, bytes: Int = 100
    ) async throws {
        let share = Share(of: count)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<producers {
                group.addTask {
                    while true {
                        let size = share.take(upTo: batch)
                        guard size > 0 else { return }
                        _ = try await queue.enqueue(tasks(size, bytes: bytes, now: queue.time.now()))
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Runs `body` while a worker serves `source`, and then stops the worker.
    static func withWorker(
        for source: any TaskSource, concurrency: Int, handler: @escaping @Sendable (TaskContext) -> Void = { _ in },
        _ body: () async throws -> Void
    ) async throws {
        var handlers = HandlerRegistry()
        handlers.register(type) { _, context in
            handler(context)
            return .succeeded()
        }
        let worker = Worker(
            source: source, handlers: handlers,
            configuration: WorkerConfiguration(concurrency: concurrency, drainTime: .zero, name: "bench", isLocal: true)
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await worker.run() }
            try await body()
            group.cancelAll()
        }
    }
}

/// Work that several callers divide among themselves.
private final class Share: Sendable {
    private let left: Mutex<Int>

    init(of total: Int) { left = Mutex(total) }

    func take(upTo size: Int) -> Int {
        left.withLock { left in
            let taken = min(size, left)
            left -= taken
            return taken
        }
    }
}

/// A source that says when so many tasks have been settled.
final class CountingSource: TaskSource {
    private let queue: LocalTaskQueue
    private let left: Mutex<Int>
    private let done = OneShot()

    init(_ queue: LocalTaskQueue, until count: Int) {
        self.queue = queue
        self.left = Mutex(count)
    }

    func claim(_ request: LeaseRequest) async throws(BackendError) -> [Delivery] { try await queue.claim(request) }

    func heartbeat(_ leases: [Lease], by duration: Duration) async throws(BackendError) -> [LeaseStatus] {
        try await queue.heartbeat(leases, by: duration)
    }

    func complete(_ reports: [AttemptReport]) async throws(BackendError) -> [SettlementStatus] {
        let statuses = try await queue.complete(reports)
        let isDone = left.withLock { left in
            left -= statuses.count { $0 == .settled }
            return left <= 0
        }
        if isDone { done.fire() }
        return statuses
    }

    func finished() async { await done.wait() }
}
