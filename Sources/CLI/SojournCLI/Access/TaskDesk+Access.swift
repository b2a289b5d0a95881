import SojournCore
import SojournModel
import SojournWire

extension TaskDesk: QueueAccess {
    func enqueue(_ task: NewTask) async throws -> EnqueueAnswer {
        let answers = try await enqueueAll([task])
        guard let answer = answers.first else { throw CommandFailure("The task was not accepted.") }
        return answer
    }

    func enqueueAll(_ tasks: [NewTask]) async throws -> [EnqueueAnswer] {
        var random = SystemRandomNumberGenerator()
        var wanted: [NewTask] = []
        for task in tasks { wanted.append(try asReceived(task, &random)) }
        let admission = try await queue.admit(wanted)
        var answers: [EnqueueAnswer] = []
        for (task, result) in zip(admission.tasks, try await queue.accept(admission)) {
            answers.append(try await answer(to: task, result))
        }
        return answers
    }

    func replay(_ body: ReplayBody) async throws -> ReplayAnswer {
        // One that dies again on the way does not go back again, or this might never end.
        let limit = min(body.limit, try await deadLetters(in: body.filter.queue))
        var plan = ReplayPlan(filter: body.filter, left: limit, rate: body.ratePerSecond)
        var progress = Progress("dead letters put back", of: limit, time: queue.time)
        while !plan.isOver {
            try await replayNext(&plan)
            progress.show(limit - plan.left)
        }
        progress.end()
        return ReplayAnswer(replayed: limit - plan.left)
    }

    func replays() async throws -> [ReplayView] { throw Self.onlyServersReplay }

    func stopReplay(_ id: ReplayID) async throws -> ReplayView? { throw Self.onlyServersReplay }

    /// Which servers there are, the store does not know.
    private static let onlyServersReplay = CommandFailure(
        .usage, "Only a server goes on with a replay: say which one with --server.")

    private func deadLetters(in name: QueueName?) async throws(BackendError) -> Int {
        let depths = try await queue.backend.depths().filter { name == nil || $0.queue == name }
        return depths.reduce(0) { $0 + ($1.counts[.dead] ?? 0) }
    }

    /// The task that a server would make of it: the same rules, and the same fingerprint for its idempotency key.
    private func asReceived(_ task: NewTask, _ random: inout SystemRandomNumberGenerator) throws -> NewTask {
        var writer = JSONWriter()
        writer.value(EnqueueBody(task))
        do {
            let context = EnqueueRequest.Context(now: queue.time.now(), retry: queue.policies.retry)
            return try EnqueueRequest.task(from: JSONValue(validating: writer.bytes), context, random: &random)
        } catch {
            throw CommandFailure("\(error).")
        }
    }
}
