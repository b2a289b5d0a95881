#if HTTP
import Logging
import ServiceLifecycle
import SojournWire
import Synchronization

/// Puts dead letters back at a rate, long after the request that asked for it was answered.
struct PacedReplays: Service {
    private let desk: TaskDesk
    /// How many may run at once.
    let most: Int
    private let logger: Logger
    private let running = SharedCount()
    private let plans: AsyncStream<ReplayPlan>
    private let input: AsyncStream<ReplayPlan>.Continuation

    init(desk: TaskDesk, most: Int, logger: Logger) {
        self.desk = desk
        self.most = most
        self.logger = logger
        // No more wait than may run, so the bound is never what stops one.
        (plans, input) = AsyncStream.makeStream(
            of: ReplayPlan.self, bufferingPolicy: .bufferingOldest(max(1, most)))
    }

    /// Takes a plan over; false where too many run already.
    func start(_ plan: ReplayPlan) -> Bool {
        guard running.increase(upTo: most) else { return false }
        guard case .enqueued = input.yield(plan) else {
            running.decrease()
            return false
        }
        return true
    }

    func run() async throws {
        await withDiscardingTaskGroup { group in
            for await plan in plans.cancelOnGracefulShutdown() {
                group.addTask {
                    await cancelWhenGracefulShutdown { await carryOut(plan) }
                    running.decrease()
                }
            }
        }
    }

    private func carryOut(_ plan: ReplayPlan) async {
        var plan = plan
        do {
            while !plan.isOver { try await desk.replayNext(&plan) }
        } catch is CancellationError {
            logger.info("paced replay stopped", metadata: ["left": "\(plan.left)"])
        } catch {
            logger.error("paced replay failed", metadata: ["left": "\(plan.left)", "error": "\(error)"])
        }
    }
}

/// A number that several tasks count.
private final class SharedCount: Sendable {
    private let value = Mutex(0)

    func increase(upTo most: Int) -> Bool {
        value.withLock { value in
            guard value < most else { return false }
            value += 1
            return true
        }
    }

    func decrease() { value.withLock { $0 -= 1 } }
}
#endif
