public import SojournCore
import SojournModel
import SojournWire

/// Sends a load, waits until its tasks have ended, and reports.
public struct LoadRun: Sendable {
    /// How far a run has come.
    public enum Stage: Sendable, Hashable {
        /// So many tasks have been answered, refused ones included.
        case sending(Int)
        /// So many tasks of the queue have not ended.
        case draining(Int)
    }

    private let plan: LoadPlan
    private let target: any LoadTarget
    private let time: any TimeSource
    private let limit: Duration?
    private let isRefusal: @Sendable (any Error) -> Bool

    /// A run.
    ///
    /// - Parameters:
    ///   - target: where the tasks go.
    ///   - limit: the longest wait by which attainment is counted, where the queue promises none.
    ///   - isRefusal: whether an error means that the queue does not take tasks for now; every other ends the run.
    public init(
        _ plan: LoadPlan, on target: any LoadTarget, time: any TimeSource = SystemTime(), limit: Duration? = nil,
        isRefusal: @escaping @Sendable (any Error) -> Bool = { _ in false }
    ) {
        self.plan = plan
        self.target = target
        self.time = time
        self.limit = limit
        self.isRefusal = isRefusal
    }

    /// Carries it out; tells now and then how far it has come.
    public func run(_ tell: @escaping @Sendable (Stage) -> Void) async throws -> LoadReport {
        let sender = LoadSender(plan, to: target, time: time, isRefusal: isRefusal)
        let sent = try await withThrowingTaskGroup(of: LoadSent?.self) { group in
            group.addTask { try await sender.run() }
            group.addTask {
                while (try? await time.sleep(for: .milliseconds(200))) != nil {
                    let progress = sender.progress
                    tell(.sending(progress.accepted + progress.rejected))
                }
                return nil
            }
            let sent = try await group.next() ?? nil
            group.cancelAll()
            return sent ?? sender.progress
        }
        var survey = try await drained(sent, tell)
        try await survey.readAttempts(target)
        let promise = try await target.queue(plan.queue)?.promise?.limit ?? limit
        return LoadReport(plan: plan, sent: sent, survey: survey, limit: promise)
    }

    /// Waits until all tasks have ended. The queue's depth is cheap and says when that may be; where other tasks keep
    /// the queue from ever being empty, the records are looked at now and then, more and more rarely.
    private func drained(_ sent: LoadSent, _ tell: (Stage) -> Void) async throws -> Survey {
        var pause = Duration.seconds(2)
        var nextLook = time.now().advanced(by: pause)
        while true {
            let depth = try await target.queue(plan.queue)?.unfinished ?? 0
            tell(.draining(depth))
            if depth == 0 || time.now() >= nextLook {
                let survey = try await Survey.read(plan, target, late: sent.late)
                if survey.open == 0 { return survey }
                pause = min(pause * 2, .seconds(60))
                nextLook = time.now().advanced(by: pause)
            }
            try await time.sleep(for: .milliseconds(200))
        }
    }
}

extension QueueView {
    /// Tasks that have not ended.
    fileprivate var unfinished: Int {
        depth.values.reduce(0) { sum, counts in
            counts.reduce(sum) { $0 + ($1.key.isFinal ? 0 : $1.value) }
        }
    }
}
