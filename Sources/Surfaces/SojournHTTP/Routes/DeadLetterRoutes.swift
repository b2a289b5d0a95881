#if HTTP
import HTTPTypes
import Hummingbird
import HummingbirdCore
import SojournCore
import SojournModel
import SojournWire

/// List, replay and delete dead letters.
struct DeadLetterRoutes: Sendable {
    let desk: TaskDesk
    let replays: PacedReplays

    var routes: [Route] {
        let filters = Self.filters
        return [
            Route(
                method: .get, path: "/dead-letters", summary: "List dead letters, newest first",
                query: filters + [
                    Route.Parameter(
                        name: "limit", schema: .integer(1...Limits.page),
                        description: "Most dead letters; 50 if not given."
                    ),
                    Route.Parameter(
                        name: "cursor", schema: .string(), description: "The cursor of the page before."),
                ],
                answers: [
                    Route.Answer(
                        status: 200, description: "A page with attempts, without payloads.", schema: "TaskPage")
                ], run: { call in try await list(call) }),
            Route(
                method: .post, path: "/dead-letters/replay", summary: "Put dead letters back, oldest first",
                body: "ReplayRequest",
                answers: [
                    Route.Answer(
                        status: 200, description: "So many went back; fewer than `limit` says that no more match.",
                        schema: "ReplayAnswer"),
                    Route.Answer(
                        status: 202,
                        description: """
                            With `rate_per_second`: the server puts them back by itself, up to `limit`, as long as it \
                            runs; what is left when it stops stays a dead letter.
                            """, schema: "ReplayAnswer"),
                ], problems: [409, 429], run: { call in try await replay(call) }),
            Route(
                method: .get, path: "/dead-letters/replays",
                summary: "List the replays with a rate that this server goes on with",
                answers: [
                    Route.Answer(status: 200, description: "The replays, oldest first.", schema: "ReplayList")
                ], run: { call in try listReplays(call) }),
            Route(
                method: .delete, path: "/dead-letters/replays/{replay_id}", summary: "Stop a replay with a rate",
                answers: [
                    Route.Answer(
                        status: 200,
                        description: """
                            How it stood. What the store is asked for just now may still go back; what is left stays a \
                            dead letter.
                            """, schema: "Replay")
                ], problems: [404], run: { call in try stop(call) }),
            Route(
                method: .delete, path: "/dead-letters", summary: "Delete dead letters, oldest first",
                query: filters + [
                    Route.Parameter(
                        name: "task_ids", schema: .string(), description: "Only these, with commas between them."),
                    Route.Parameter(
                        name: "limit", schema: .integer(1...ReplayBody.most),
                        description: "Most dead letters; \(ReplayBody.usual) if not given."),
                ],
                answers: [Route.Answer(status: 200, description: "So many were deleted.", schema: "PurgeAnswer")],
                run: { call in try await purge(call) }),
        ]
    }

    private static let filters = [
        Route.Parameter(name: "queue", schema: .name, description: "Only those of that queue."),
        Route.Parameter(name: "type", schema: .name, description: "Only those of that type."),
        Route.Parameter(
            name: "error", schema: .string(maxLength: 1_024),
            description: "Only those whose last error contains this."),
    ]

    private func filter(_ query: Query) throws(JSONError) -> TaskFilter {
        TaskFilter(
            queue: try query.name("queue"), status: .dead, type: try query.name("type"),
            error: try query.text("error", maxBytes: 1_024))
    }

    private func list(_ call: Call) async throws -> Response {
        let query = try Query(call, allowed: Self.filters.map(\.name) + ["limit", "cursor"])
        return Answers.json(
            try await desk.deadLetters(
                matching: try filter(query), limit: try query.int("limit", in: 1...Limits.page) ?? 50,
                cursor: try query.text("cursor", maxBytes: 1_024)))
    }

    private func replay(_ call: Call) async throws -> Response {
        let body = try ReplayBody(json: try await call.body())
        guard body.ratePerSecond != nil else {
            var plan = ReplayPlan(filter: body.filter, left: body.limit, rate: nil)
            while !plan.isOver { try await desk.replayNext(&plan) }
            return Answers.json(ReplayAnswer(replayed: body.limit - plan.left))
        }
        do throws(PacedReplays.Refusal) {
            let id = try replays.start(body)
            return Answers.json(ReplayAnswer(replayed: 0, goesOn: true, replayID: id), .accepted)
        } catch .tooMany {
            throw Problem(
                .tooManyRequests, "At most \(replays.most) replays with a rate run at once; wait until one is done.")
        } catch .known {
            throw Problem(.conflict, "A replay with a rate of just these dead letters goes on already.")
        }
    }

    private func listReplays(_ call: Call) throws -> Response {
        _ = try Query(call, allowed: [])
        return Answers.json(ReplayListView(replays: replays.views))
    }

    private func stop(_ call: Call) throws -> Response {
        _ = try Query(call, allowed: [])
        let id = ReplayID(call.context.parameters["replay_id"] ?? "")
        guard let view = id.flatMap({ replays.stop($0) }) else {
            throw Problem(.notFound, "No such replay goes on at this server.")
        }
        return Answers.json(view)
    }

    private func purge(_ call: Call) async throws -> Response {
        let query = try Query(call, allowed: Self.filters.map(\.name) + ["task_ids", "limit"])
        var filter = try filter(query)
        filter.ids = try query.taskIDs("task_ids")
        let limit = try query.int("limit", in: 1...ReplayBody.most) ?? ReplayBody.usual
        return Answers.json(PurgeAnswer(deleted: try await desk.purge(matching: filter, limit: limit)))
    }
}
#endif
