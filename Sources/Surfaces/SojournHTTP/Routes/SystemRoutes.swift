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
    let metrics: MetricsPage

    init(queue: LocalTaskQueue, configuration: HTTPServerConfiguration, counters: EnqueueCounters) {
        self.queue = queue
        self.configuration = configuration
        metrics = MetricsPage(queue: queue, configuration: configuration, counters: counters)
    }

    var routes: [Route] {
        [
            Route(
                method: .get, path: "/", summary: "A page that says where things are",
                answers: [Route.Answer(status: 200, description: "HTML.", schema: nil)],
                run: { _ in Answers.text(Self.page.utf8, type: "text/html; charset=utf-8") }),
            Route(
                method: .get, path: "/healthz", summary: "Whether the process is up", isOpen: true,
                answers: [Route.Answer(status: 200, description: "It is.", schema: "Health")],
                run: { _ in Answers.json(Health(status: "ok")) }),
            Route(
                method: .get, path: "/readyz", summary: "Whether the store answers",
                answers: [Route.Answer(status: 200, description: "It does.", schema: "Health")],
                run: { _ in
                    try await isReady()
                    return Answers.json(Health(status: "ready"))
                }),
            Route(
                method: .get, path: "/metrics", summary: "Metrics in the Prometheus text format",
                answers: [Route.Answer(status: 200, description: "Text, version 0.0.4.", schema: nil)],
                run: { _ in
                    Answers.text(try await metrics.text().utf8, type: "text/plain; version=0.0.4; charset=utf-8")
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

    private func isReady() async throws(BackendError) {
        _ = try await queue.store.task(TaskID(high: 0, low: 0))
        _ = try await queue.backend.pausedQueues()
    }

    private static let page = """
        <!doctype html>
        <html lang="en"><meta charset="utf-8"><title>Sojourn</title>
        <h1>Sojourn</h1>
        <ul>
        <li><a href="/openapi.json">/openapi.json</a> describes every address of this server.</li>
        <li><a href="/queues">/queues</a> and <a href="/stats">/stats</a> show what waits and what runs.</li>
        <li><a href="/metrics">/metrics</a> is for Prometheus.</li>
        </ul></html>

        """
}

/// The answer of the health checks.
private struct Health: JSONWritable {
    let status: String

    func write(to writer: inout JSONWriter) { writer.object { $0.field("status", status) } }
}
#endif
