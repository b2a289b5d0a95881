public import SojournCore
public import SojournModel
public import SojournPromise
import Synchronization

/// What the keeper needs to know of one queue.
public struct PromiseConfiguration: Sendable {
    /// The promises, by queue.
    public var levels: [QueueName: ServiceLevel]
    /// Whether workers are launched, so that admission may count on more than there are.
    public var scaling: Scaling
    /// The rule that decides how many slots each queue should have.
    public var policy: String

    /// What follows the decisions.
    public enum Scaling: Sendable, Hashable {
        /// Nothing.
        case off
        /// Worker processes.
        case processes
        /// The attempts at once of this process.
        case slots
        /// Nothing, but the decisions are told.
        case dryRun
    }

    /// A configuration without promises.
    public init(levels: [QueueName: ServiceLevel] = [:], scaling: Scaling = .off, policy: String = Foresight.name) {
        self.levels = levels
        self.scaling = scaling
        self.policy = policy
    }
}

/// Keeps the promises of all queues of a server: counts what happens to their tasks, refuses what cannot start in time,
/// and decides how many slots there should be.
///
/// One lock around one value; the longest thing that is done under it is the admission of a batch, half a microsecond
/// for each of its tasks.
public final class PromiseKeeper: TrafficControl {
    let state: Mutex<KeeperState>
    /// What the queues promise, for whoever hands out tasks.
    public let promises: [QueueName: LeasePromise]
    /// What it was made with.
    public let configuration: PromiseConfiguration
    let time: any TimeSource

    /// A keeper that has seen nothing.
    public init(_ configuration: PromiseConfiguration, time: any TimeSource = SystemTime()) {
        self.configuration = configuration
        self.time = time
        state = Mutex(KeeperState(configuration, now: time.now()))
        promises = configuration.levels.mapValues { level in
            LeasePromise(
                limit: .clamping(seconds: level.limit),
                demotesLate: level.overflow != .accept && level.mode == .stochastic,
                isStrict: level.mode != .stochastic)
        }
    }

    // MARK: - The way of a task

    /// Takes or refuses tasks, all or none.
    public func admit(
        _ tasks: [NewTask], areKnown: Bool, at now: Timestamp
    ) throws(BackendError) -> Admission {
        try state.withLock { state -> Result<Admission, BackendError> in
            var admission = Admission(tasks)
            var done = 0
            while done < tasks.count {
                let run = tasks.run(from: done) { $0.message.queue }
                if let refusal = state.admit(&admission, run, areKnown: areKnown, at: now) {
                    state.withdraw(admission.tasks[..<done].map(\.message))
                    return .failure(refusal)
                }
                done = run.upperBound
            }
            return .success(admission)
        }.get()
    }

    /// What to tell whoever was admitted while others, at other servers, filled the queue.
    public func overtaken(_ tasks: [NewTask], at now: Timestamp) -> BackendError {
        state.withLock { $0.overtaken(tasks, at: now) }
    }

    /// Tasks for which there was no room were turned away.
    public func refused(_ tasks: [NewTask]) {
        state.withLock { state in
            tasks.forEachRun({ $0.message.queue }) { run, queue in state.change(queue) { $0.refuse(run.count) } }
        }
    }

    /// The workers that hold these leases are alive.
    public func renewed(_ leases: [Lease], at now: Timestamp) {
        state.withLock { $0.renewed(leases, at: now) }
    }

    /// A worker asks no more: its slots are promised to nobody.
    public func left(_ worker: String) { state.withLock { $0.directory.left(worker) } }

    /// A queue hands out no tasks, or does so again.
    public func paused(_ queue: QueueName, _ isPaused: Bool) {
        state.withLock { state in
            if isPaused { state.paused.insert(queue) } else { state.paused.remove(queue) }
        }
    }

    /// What the store made of tasks that were taken.
    public func entered(_ tasks: [NewTask], _ results: [InsertResult]?) {
        state.withLock { state in
            tasks.forEachRun({ $0.message.queue }) { run, queue in
                state.entered(tasks, results, run, queue)
            }
        }
    }

    /// Tasks wait for a worker from now on that did not before.
    public func waits(_ arrivals: [Arrival]) {
        guard !arrivals.isEmpty else { return }
        state.withLock { state in
            for arrival in arrivals { state.waits(arrival.queue, since: arrival.availableAt) }
        }
    }

    /// Tasks do not wait any more, and no attempt was made.
    public func left(_ arrivals: [Arrival], at now: Timestamp) {
        guard !arrivals.isEmpty else { return }
        state.withLock { state in
            for arrival in arrivals {
                state.change(arrival.queue) { $0.left(since: arrival.availableAt, at: now) }
            }
        }
    }

    /// Tasks died in the line: they do not wait any more, and what they were promised is broken.
    public func expired(_ messages: [TaskMessage], at now: Timestamp) {
        state.withLock { state in
            for message in messages {
                // The first attempt was promised; to a dead letter that is put back after its deadline, nothing.
                let couldStart = message.deadline.map { message.availableAt <= $0 } ?? true
                let wasPromised = message.promise != nil && message.attempt == 0 && couldStart
                state.change(message.queue) { control in
                    control.expired(message.id, since: message.availableAt, wasPromised: wasPromised, at: now)
                }
            }
        }
    }

    /// A worker asks for tasks.
    public func asks(_ request: LeaseRequest, at now: Timestamp) {
        state.withLock { $0.asks(request, at: now) }
    }

    /// What the worker was handed.
    public func started(_ deliveries: [Delivery], for request: LeaseRequest, at now: Timestamp) {
        state.withLock { $0.started(deliveries, for: request, at: now) }
    }

    /// Attempts ended.
    public func ended(_ results: [AttemptResult], at now: Timestamp) {
        guard !results.isEmpty else { return }
        state.withLock { $0.ended(results, at: now) }
    }
}

extension Array {
    /// The longest run of elements from `start` on that are alike in `key`: batches are mostly of one queue, and
    /// looking a queue up costs more than counting a task.
    fileprivate func run<Key: Equatable>(from start: Int, _ key: (Element) -> Key) -> Range<Int> {
        let first = key(self[start])
        return start..<(self[start...].firstIndex { key($0) != first } ?? count)
    }

    /// Calls `body` for every run of elements that are alike in `key`.
    func forEachRun<Key: Equatable>(_ key: (Element) -> Key, _ body: (Range<Int>, Key) -> Void) {
        var start = 0
        while start < count {
            let run = run(from: start, key)
            body(run, key(self[start]))
            start = run.upperBound
        }
    }
}
