import SojournCore
import SojournModel
import SojournSimulation
import SojournWire
import Synchronization

/// Sends the tasks of a load, from several callers at once.
///
/// In an open loop each task has a moment at which it is due. Where all callers are busy then, it is sent late, and by
/// how much is kept: a load that waits with its clients would hide just the waits that it is there to find (coordinated
/// omission).
final class LoadSender: Sendable {
    private struct State {
        var next = 0
        var arrivals: ArrivalTimes?
        var due: Timestamp
        var sent = LoadSent()
    }

    /// Tasks of one call.
    private struct Share {
        var tasks: Range<Int>
        /// When each is due.
        var due: [Timestamp]
    }

    private let plan: LoadPlan
    private let target: any LoadTarget
    private let time: any TimeSource
    private let isRefusal: @Sendable (any Error) -> Bool
    private let tasks: [LoadTask]
    private let start: Timestamp
    private let state: Mutex<State>

    init(
        _ plan: LoadPlan, to target: any LoadTarget, time: any TimeSource,
        isRefusal: @escaping @Sendable (any Error) -> Bool
    ) {
        self.plan = plan
        self.target = target
        self.time = time
        self.isRefusal = isRefusal
        tasks = LoadTask.all(of: plan)
        start = time.now()
        var arrivals = plan.arrivals.map { ArrivalTimes($0, random: NumPyRandom([plan.seed, 1])) }
        let first = arrivals?.next() ?? 0
        state = Mutex(State(arrivals: arrivals, due: start.advanced(by: .clamping(seconds: first))))
    }

    /// What has been sent so far.
    var progress: LoadSent { state.withLock { $0.sent } }

    /// Sends everything.
    func run() async throws -> LoadSent {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<plan.callers {
                group.addTask { while let share = try await self.nextShare() { try await self.send(share) } }
            }
            try await group.allOrFirstFailure()
        }
        return progress
    }

    /// The next tasks that are due, or those that will be next; nil when there are no more.
    private func nextShare() async throws -> Share? {
        let now = time.now()
        let share = state.withLock { state -> Share? in
            guard state.next < plan.tasks else { return nil }
            var share = Share(tasks: state.next..<state.next, due: [])
            repeat {
                share.due.append(state.due)
                state.next += 1
                if let seconds = state.arrivals?.next() {
                    state.due = start.advanced(by: .clamping(seconds: seconds))
                }
            } while share.due.count < plan.batch && state.next < plan.tasks && state.due <= now
            share.tasks = share.tasks.lowerBound..<state.next
            return share
        }
        if plan.arrivals != nil, let due = share?.due.last, due > now { try await time.sleep(until: due) }
        return share
    }

    private func send(_ share: Share) async throws {
        let sentAt = time.now()
        let new = make(share.tasks, at: sentAt)
        do {
            let answers = new.count == 1 ? [try await target.enqueue(new[0])] : try await target.enqueueAll(new)
            let acceptedAt = time.now()
            state.withLock { state in
                for (place, answer) in answers.enumerated() {
                    let due = plan.arrivals == nil ? sentAt : share.due[place]
                    state.sent.accepted(
                        answer.taskID, late: sentAt.duration(since: due), after: acceptedAt.duration(since: due))
                }
            }
        } catch  where isRefusal(error) {
            state.withLock { $0.sent.rejected += new.count }
        }
    }

    private func make(_ places: Range<Int>, at now: Timestamp) -> [NewTask] {
        tasks[places].map { task in
            var message = TaskMessage(type: task.type, queue: plan.queue, payload: task.payload, now: now)
            (message.priority, message.maxRetries, message.retry) = (plan.priority, task.retries, plan.retry)
            return NewTask(message: message, tags: task.isSleeper ? [plan.tag, LoadTask.sleepTag] : [plan.tag])
        }
    }
}

/// What became of the sending.
struct LoadSent: Sendable {
    var accepted = 0
    var rejected = 0
    /// From when a task was due to its acceptance.
    var acceptance = Spread()
    /// By how much tasks were sent late; those below a millisecond are left out.
    var late: [TaskID: Duration] = [:]

    mutating func accepted(_ id: TaskID, late: Duration, after span: Duration) {
        accepted += 1
        acceptance.add(span)
        if late >= .milliseconds(1) { self.late[id] = late }
    }
}
