#if HTTP
import HTTPTypes
import Hummingbird
import HummingbirdCore
import ServiceLifecycle
import SojournModel
import SojournWire

/// What happens, as it happens.
struct EventRoutes: Sendable {
    let feed: EventFeed
    let limits: HTTPLimits

    var routes: [Route] {
        [
            Route(
                method: .get, path: "/events", summary: "Watch queues, scaling decisions and tasks that end",
                query: [Route.Parameter(name: "queue", schema: .name, description: "Only what concerns that queue.")],
                answers: [
                    Route.Answer(
                        status: 200,
                        description: """
                            Server-sent events: `queues` about every second, and at once as they were at the last look \
                            (`at` says when that was), `tasks` with some of those that ended, `decision`, and `gap` \
                            where this reader was too slow.
                            """, schema: nil)
                ], problems: [503], run: { call in try watch(call) })
        ]
    }

    private func watch(_ call: Call) throws -> Response {
        let query = try Query(call, allowed: ["queue"])
        let queue: QueueName? = try query.name("queue")
        guard let stream = feed.watch(queue, limit: limits.eventStreams) else {
            throw Problem(.serviceUnavailable, "\(limits.eventStreams) readers watch already.")
        }
        let body = ResponseBody { writer in
            for await bytes in stream.cancelOnGracefulShutdown() { try await writer.write(bytes) }
            try await writer.finish(nil)
        }
        return Answers.stream(body, type: "text/event-stream")
    }
}
#endif
