#if HTTP
import Logging
import ServiceLifecycle
import SojournCore
import SojournModel
import SojournWire
import Synchronization

/// Puts dead letters back at a rate, long after the request that asked for it was answered. A store that is away for a
/// while delays that and ends it not.
struct PacedReplays: Service {
    /// Why a plan is not taken.
    enum Refusal {
        /// So many run already.
        case tooMany
        /// One is about the same dead letters: two would be twice as fast, and put back what died again.
        case known
    }

    private let desk: TaskDesk
    /// How many may run at once.
    let most: Int
    private let logger: Logger
    private let running = FilterSet()
    private let plans: AsyncStream<ReplayPlan>
    private let input: AsyncStream<ReplayPlan>.Continuation
    /// Between tries while the store does not answer.
    private static let patience = RetryPolicy(base: .seconds(1), cap: .seconds(30), jitter: .equal)

    init(desk: TaskDesk, most: Int, logger: Logger) {
        self.desk = desk
        self.most = most
        self.logger = logger
        // No more wait than may run, so the bound is never what stops one.
        (plans, input) = AsyncStream.makeStream(
            of: ReplayPlan.self, bufferingPolicy: .bufferingOldest(max(1, most)))
    }

    /// Takes a plan over that has not begun; nil where it did.
    func start(_ plan: ReplayPlan) -> Refusal? {
        if let refusal = running.add(plan.filter, upTo: most) { return refusal }
        guard case .enqueued = input.yield(plan) else {
            running.remove(plan.filter)
            return .tooMany
        }
        return nil
    }

    func run() async throws {
        await withDiscardingTaskGroup { group in
            for await plan in plans.cancelOnGracefulShutdown() {
                group.addTask {
                    await cancelWhenGracefulShutdown { await carryOut(plan) }
                    running.remove(plan.filter)
                }
            }
        }
    }

    private func carryOut(_ plan: ReplayPlan) async {
        var plan = plan
        var failures = 0
        while !plan.isOver {
            do {
                try await desk.replayNext(&plan)
                failures = 0
            } catch let error as BackendError where error.isRetryable {
                failures += 1
                // Whether they went back is unknown, and never more than `limit` shall.
                if error.code == .timeout { plan.lost() }
                if failures == 1 { tell("paced replay waits for the store", plan, error) }
                var random = SystemRandomNumberGenerator()
                let pause = Self.patience.delay(afterAttempt: failures, random: &random)
                guard (try? await desk.queue.time.sleep(for: pause)) != nil else { break }
            } catch is CancellationError {
                break
            } catch {
                return tell("paced replay failed", plan, error)
            }
        }
        if !plan.isOver { logger.info("paced replay stopped", metadata: ["left": "\(plan.left)"]) }
    }

    private func tell(_ what: Logger.Message, _ plan: ReplayPlan, _ error: any Error) {
        logger.error(what, metadata: ["left": "\(plan.left)", "error": "\(error)"])
    }
}

/// What the plans are about that run.
private final class FilterSet: Sendable {
    private let filters = Mutex<Set<TaskFilter>>([])

    func add(_ filter: TaskFilter, upTo most: Int) -> PacedReplays.Refusal? {
        filters.withLock { filters in
            if filters.contains(filter) { return .known }
            guard filters.count < most else { return .tooMany }
            filters.insert(filter)
            return nil
        }
    }

    func remove(_ filter: TaskFilter) { filters.withLock { _ = $0.remove(filter) } }
}
#endif
