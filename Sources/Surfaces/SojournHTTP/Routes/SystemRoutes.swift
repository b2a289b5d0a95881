#if HTTP
import HTTPTypes
import Hummingbird
import HummingbirdCore
import SojournCore
import SojournModel
import SojournWire

/// What operators and machines ask about the server itself.
struct SystemRoutes: Sendable {
    let queue: LocalTaskQueue
    let configuration: HTTPServerConfiguration

    var routes: [Route] {
        [
            Route(
                method: .get, path: "/healthz", summary: "Whether the process is up", isOpen: true, isForAnyHost: true,
                answers: [Route.Answer(status: 200, description: "It is.", schema: "Health")],
                run: { _ in Answers.json(Health(status: "ok")) }),
            Route(
                method: .get, path: "/readyz", summary: "Whether the store answers and the server is not about to stop",
                answers: [Route.Answer(status: 200, description: "So it is.", schema: "Health")],
                run: { _ in
                    try await checkReady()
                    return Answers.json(Health(status: "ready"))
                }),
            Route(
                method: .get, path: "/metrics", summary: "Metrics in the Prometheus text format",
                answers: [
                    Route.Answer(status: 200, description: "Text 0.0.4, or OpenMetrics 1.0 by Accept.", schema: nil)
                ],
                run: { call in
                    let (type, text) = configuration.metrics(call.header(.accept))
                    return Answers.text(text, type: type)
                }),
        ]
    }

    /// The route that describes the others, and itself.
    static func description(of routes: [Route]) -> Route {
        let itself = Route(
            method: .get, path: "/openapi.json", summary: "This description",
            answers: [Route.Answer(status: 200, description: "OpenAPI 3.1.", schema: "Any")],
            run: { _ in throw Problem(.internalServerError, "") })
        let document = OpenAPIDocument(routes: routes + [itself]).bytes
        return Route(
            method: itself.method, path: itself.path, summary: itself.summary, answers: itself.answers,
            run: { _ in Answers.text(document, type: "application/json") })
    }

    private func checkReady() async throws {
        if configuration.isStopping() { throw Problem(.serviceUnavailable, "The server is about to stop.") }
        _ = try await queue.store.task(TaskID(high: 0, low: 0))
        _ = try await queue.backend.pausedQueues()
    }
}

/// The answer of the health checks.
private struct Health: JSONWritable {
    let status: String

    func write(to writer: inout JSONWriter) { writer.object { $0.field("status", status) } }
}
#endif
