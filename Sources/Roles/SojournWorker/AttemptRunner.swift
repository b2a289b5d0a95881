import Logging
import SojournCore
import SojournModel

/// Runs attempts, and says what came of them. A class: every attempt keeps a reference to it.
final class AttemptRunner: Sendable {
    private let handlers: HandlerRegistry
    private let worker: String
    private let time: any TimeSource
    private let logger: Logger
    private let slots: SlotPool
    private let settler: Settler

    init(
        handlers: HandlerRegistry, worker: String, time: any TimeSource, logger: Logger, slots: SlotPool,
        settler: Settler
    ) {
        self.handlers = handlers
        self.worker = worker
        self.time = time
        self.logger = logger
        self.slots = slots
        self.settler = settler
    }

    /// Runs the handler of the attempt's type.
    func run(_ attempt: Attempt) async -> Outcome {
        let delivery = attempt.delivery
        guard let run = handlers[delivery.message.type] else {
            return .failed(Failure("This worker has no handler for \(delivery.message.type)."))
        }
        return await run(delivery, TaskContext(delivery.message, timeLimit: attempt.timeLimit, logger: logger))
    }

    /// Frees the slot and hands on what came of the attempt, given why it was told to stop, if it was.
    func report(_ attempt: Attempt, _ outcome: Outcome, _ cause: StopCause?) {
        slots.finished()
        guard let judged = cause.map({ $0.judge(outcome) }) ?? outcome else { return slots.settled(1) }
        settler.submit(
            AttemptReport(
                delivery: attempt.delivery, outcome: judged, startedAt: attempt.startedAt, finishedAt: time.now(),
                worker: worker))
    }
}
