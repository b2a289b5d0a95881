#if HTTP
import HTTPTypes
import Hummingbird
import HummingbirdCore
import SojournCore
import SojournModel
import SojournWire

/// Show, pause and resume queues; count tasks.
struct QueueRoutes: Sendable {
    let desk: TaskDesk

    var routes: [Route] {
        let one = [Route.Answer(status: 200, description: "The queue.", schema: "Queue")]
        return [
            Route(
                method: .get, path: "/queues", summary: "List queues",
                answers: [Route.Answer(status: 200, description: "The queues, by name.", schema: "QueueList")],
                run: { call in try await list(call) }),
            Route(
                method: .get, path: "/queues/{name}", summary: "Show a queue", answers: one, problems: [404],
                run: { call in try await show(call) }),
            Route(
                method: .post, path: "/queues/{name}/pause", summary: "Stop handing out the tasks of a queue",
                answers: one, run: { call in try await setPaused(call, true) }),
            Route(
                method: .post, path: "/queues/{name}/resume", summary: "Hand out the tasks of a queue again",
                answers: one, run: { call in try await setPaused(call, false) }),
            Route(
                method: .get, path: "/stats", summary: "Count tasks",
                answers: [Route.Answer(status: 200, description: "How many tasks are where.", schema: "Stats")],
                run: { call in try await stats(call) }),
        ]
    }

    private func list(_ call: Call) async throws -> Response {
        _ = try Query(call, allowed: [])
        return Answers.json(QueueListView(queues: try await desk.queues()))
    }

    private func show(_ call: Call) async throws -> Response {
        let name = try call.queueName()
        _ = try Query(call, allowed: [])
        guard let view = try await desk.queue(name) else {
            throw Problem(.notFound, "There is no queue \(name): it has no tasks and no configuration.")
        }
        return Answers.json(view)
    }

    private func setPaused(_ call: Call, _ isPaused: Bool) async throws -> Response {
        let name = try call.queueName()
        return Answers.json(try await desk.setPaused(name, isPaused))
    }

    private func stats(_ call: Call) async throws -> Response {
        _ = try Query(call, allowed: [])
        return Answers.json(StatsView(try await desk.queue.backend.depths()))
    }
}
#endif
