#if HTTP
import Logging
import ServiceLifecycle
import SojournCore
import SojournModel
import SojournWire

/// Puts dead letters back at a rate, long after the request that asked for it was answered. A store that is away for a
/// while delays that and ends it not.
struct PacedReplays: Service {
    /// Why a plan is not taken.
    enum Refusal: Error {
        /// So many run already.
        case tooMany
        /// One is about the same dead letters: two would be twice as fast, and put back what died again.
        case known
    }

    private let desk: TaskDesk
    /// How many may run at once.
    let most: Int
    private let logger: Logger
    private let running = RunningReplays()
    private let begun: AsyncStream<PacedReplay>
    private let input: AsyncStream<PacedReplay>.Continuation
    /// Between tries while the store does not answer.
    private static let patience = RetryPolicy(base: .seconds(1), cap: .seconds(30), jitter: .equal)

    init(desk: TaskDesk, most: Int, logger: Logger) {
        self.desk = desk
        self.most = most
        self.logger = logger
        // No more wait than may run, so the bound is never what stops one.
        (begun, input) = AsyncStream.makeStream(
            of: PacedReplay.self, bufferingPolicy: .bufferingOldest(max(1, most)))
    }

    /// Those that go on, oldest first.
    var views: [ReplayView] { running.all.map(\.view) }

    /// Begins one, and says by what it is named.
    func start(_ request: ReplayBody) throws(Refusal) -> ReplayID {
        let new = PacedReplay(request, at: desk.queue.time.now())
        if let refusal = running.add(new, upTo: most) { throw refusal }
        guard case .enqueued = input.yield(new) else {
            running.remove(new.id)
            throw .tooMany
        }
        return new.id
    }

    /// Ends one; how it stood, or nil if it does not go on. What the store is asked for just now may still go back.
    func stop(_ id: ReplayID) -> ReplayView? {
        guard let replay = running.remove(id) else { return nil }
        replay.stop.fire()
        return replay.view
    }

    func run() async throws {
        await withDiscardingTaskGroup { group in
            for await replay in begun.cancelOnGracefulShutdown() {
                group.addTask {
                    await cancelWhenGracefulShutdown { await carryOut(replay) }
                    running.remove(replay.id)
                }
            }
        }
    }

    /// Goes on until all is done, or somebody stops it.
    private func carryOut(_ replay: PacedReplay) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await putBack(replay) }
            group.addTask { await replay.stop.wait() }
            await group.next()
            group.cancelAll()
        }
    }

    private func putBack(_ replay: PacedReplay) async {
        let request = replay.request
        var plan = ReplayPlan(filter: request.filter, left: request.limit, rate: request.ratePerSecond)
        var failures = 0
        while !plan.isOver, !replay.stop.hasHappened {
            do {
                try await desk.replayNext(&plan)
                failures = 0
                replay.note(replayed: request.limit - plan.left)
            } catch let error as BackendError where error.isRetryable {
                failures += 1
                // Whether they went back is unknown, and never more than `limit` shall.
                if error.code == .timeout { plan.lost() }
                replay.note(replayed: request.limit - plan.left, trouble: error)
                if failures == 1 { tell("paced replay waits for the store", replay, plan, error) }
                var random = SystemRandomNumberGenerator()
                let pause = Self.patience.delay(afterAttempt: failures, random: &random)
                guard (try? await desk.queue.time.sleep(for: pause)) != nil else { break }
            } catch is CancellationError {
                break
            } catch {
                return tell("paced replay failed", replay, plan, error)
            }
        }
        if !plan.isOver {
            logger.info("paced replay stopped", metadata: ["replay": "\(replay.id)", "left": "\(plan.left)"])
        }
    }

    private func tell(_ what: Logger.Message, _ replay: PacedReplay, _ plan: ReplayPlan, _ error: any Error) {
        logger.error(
            what, metadata: ["replay": "\(replay.id)", "left": "\(plan.left)", "error": "\(error)"])
    }
}
#endif
