import SojournCore
import SojournMemory
import SojournMetrics
import SojournModel
import SojournPrometheus
import SojournPromise
import SojournWire

/// What is counted. Each case handles so many tasks.
enum Case: String, CaseIterable {
    case identifier, envelope, verdict, sketch, life, metrics

    func run(_ count: Int) async throws {
        switch self {
        case .identifier: Self.identify(count)
        case .envelope: try Self.open(count)
        case .verdict: Self.judge(count)
        case .sketch: Self.measure(count)
        case .life: try await Self.live(count, observers: [])
        case .metrics: try await Self.live(count, observers: [TaskMetrics(PrometheusRegistry())])
        }
    }

    private static let now = Timestamp(microseconds: 1_795_000_000_000_000)
    /// Tasks per call, as a busy server has them.
    private static let batch = 100

    /// An identifier is made, written and read.
    private static func identify(_ count: Int) {
        var random = Steps()
        for _ in 0..<count {
            let id = TaskID(at: now, random: &random)
            precondition(TaskID(id.description) == id)
        }
    }

    /// A request's body becomes a task.
    private static func open(_ count: Int) throws {
        let body = Array(
            #"{"type":"email.send","payload":{"to":"a@example.org","n":[1,2.5]},"queue":"mail","tags":["x"]}"#.utf8)
        var random = Steps()
        let context = EnqueueRequest.Context(now: now, retry: RetryPolicy())
        for _ in 0..<count {
            let task = try EnqueueRequest.task(from: JSONValue(validating: body), context, random: &random)
            precondition(task.message.queue == "mail")
        }
    }

    /// A failure is judged, and its next attempt scheduled.
    private static func judge(_ count: Int) {
        var random = Steps()
        for number in 0..<count {
            let facts = AttemptFacts(attempt: 1 + number % 4, maxRetries: 5)
            let verdict = Verdict.decide(.failed(Failure("e")), of: facts, now: now, random: &random)
            precondition(verdict.status == .retrying)
        }
    }

    /// A wait is added to a sketch of quantiles.
    private static func measure(_ count: Int) {
        var sketch = QuantileSketch()
        for number in 0..<count { sketch.insert(0.001 + Double(number % 1_000) * 0.003) }
        precondition(sketch.count == count)
    }

    /// A task is enqueued, claimed and completed, in batches, in memory. Watched by metrics, the difference is what
    /// being watched costs.
    private static func live(_ count: Int, observers: [any TaskObserver]) async throws {
        let time = StoppedTime(now)
        let memory = MemoryQueue(time: time, random: Steps())
        let queue = LocalTaskQueue(store: memory, backend: memory, time: time).observed(by: observers)
        var random = Steps()
        for _ in 0..<(count / batch) {
            let tasks = (0..<batch).map { _ in
                NewTask(
                    message: TaskMessage(
                        id: TaskID(at: now, random: &random), type: "noop", payload: Array("null".utf8),
                        enqueuedAt: now, availableAt: now))
            }
            _ = try await queue.enqueue(tasks)
            let claimed = try await queue.claim(LeaseRequest(limit: batch, worker: "w"))
            precondition(claimed.count == batch)
            let reports = claimed.map {
                AttemptReport(delivery: $0, outcome: .succeeded(), startedAt: now, finishedAt: now, worker: "w")
            }
            let statuses = try await queue.complete(reports)
            precondition(statuses.allSatisfy { $0 == .settled })
        }
    }
}

/// The same numbers in every run.
struct Steps: RandomNumberGenerator, Sendable {
    private var state: UInt64 = 1

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}

/// A clock that stands still, by which no alarm rings.
struct StoppedTime: TimeSource {
    private let instant: Timestamp

    init(_ instant: Timestamp) { self.instant = instant }

    func now() -> Timestamp { instant }

    func alarm(at instant: Timestamp, _ ring: @escaping @Sendable () -> Void) -> Alarm { Alarm {} }
}
