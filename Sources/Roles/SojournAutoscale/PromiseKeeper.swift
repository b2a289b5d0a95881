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
/// One lock around one value; the longest thing that is done under it is a decision, some microseconds.
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
                limit: .clamping(seconds: level.limit), demotesLate: level.overflow != .accept,
                isStrict: level.mode != .stochastic)
        }
    }

    // MARK: - The way of a task

    /// Takes or refuses tasks, all or none.
    public func admit(_ tasks: [NewTask], at now: Timestamp) throws(BackendError) -> [NewTask] {
        let result = state.withLock { state -> Result<[NewTask], BackendError> in
            var tasks = tasks
            for index in tasks.indices {
                if let refusal = state.admit(&tasks[index].message, at: now) {
                    state.withdraw(tasks[..<index].map(\.message))
                    state.refuse(tasks.map(\.message.queue))
                    return .failure(refusal)
                }
            }
            return .success(tasks)
        }
        return try result.get()
    }

    /// What the store made of tasks that were taken.
    public func entered(_ tasks: [NewTask], _ results: [InsertResult]?) {
        state.withLock { state in
            for (index, task) in tasks.enumerated() {
                var isNew = false
                if let results, case .inserted = results[index] { isNew = true }
                state.entered(task.message, isNew: isNew)
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
        state.withLock { state in
            for result in results { state.ended(result, at: now) }
        }
    }
}
