#if HTTP
import HTTPTypes
import Hummingbird
import HummingbirdCore
import SojournCore
import SojournModel
import SojournWire

/// Show, pause and resume queues; count tasks.
struct QueueRoutes: Sendable {
    let queue: LocalTaskQueue
    let configuration: HTTPServerConfiguration

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
        return Answers.json(QueueListView(queues: try await views().sorted { $0.name < $1.name }))
    }

    private func show(_ call: Call) async throws -> Response {
        let name = try call.queueName()
        _ = try Query(call, allowed: [])
        guard let view = try await views().first(where: { $0.name == name }) else {
            throw Problem(.notFound, "There is no queue \(name): it has no tasks and no configuration.")
        }
        return Answers.json(view)
    }

    private func setPaused(_ call: Call, _ isPaused: Bool) async throws -> Response {
        let name = try call.queueName()
        try await queue.setPaused(name, isPaused)
        let view = try await views().first { $0.name == name }
        return Answers.json(view ?? QueueView(name: name, isPaused: isPaused, depth: [:]))
    }

    private func stats(_ call: Call) async throws -> Response {
        _ = try Query(call, allowed: [])
        return Answers.json(StatsView(try await queue.backend.depths()))
    }

    /// Every queue that has tasks, a configuration, or is paused.
    private func views() async throws(BackendError) -> [QueueView] {
        let paused = try await queue.backend.pausedQueues()
        let depths = Dictionary(grouping: try await queue.backend.depths(), by: \.queue)
        let now = queue.time.now()
        return Set(depths.keys).union(paused).union(configuration.promises.keys).map { name in
            view(of: name, isPaused: paused.contains(name), depths[name] ?? [], now: now)
        }
    }

    private func view(of name: QueueName, isPaused: Bool, _ depths: [QueueDepth], now: Timestamp) -> QueueView {
        let oldest = depths.compactMap(\.oldestAvailableAt).min()
        var view = QueueView(
            name: name, isPaused: isPaused,
            depth: Dictionary(depths.map { ($0.priority, $0.counts) }, uniquingKeysWith: { first, _ in first }),
            oldestWait: oldest.map { max(.zero, now.duration(since: $0)) }, promise: configuration.promises[name],
            insight: configuration.insight(name) ?? QueueInsight())
        view.insight.maxDepth = view.insight.maxDepth ?? view.promise?.maxDepth
        return view
    }
}
#endif
