#if HTTP
public import SojournModel
public import SojournCore
public import SojournWire

extension SojournClient {
    /// Every queue, by name.
    public func queues() async throws(ClientError) -> [QueueView] {
        let list: QueueListView = try await get("/queues")
        return list.queues
    }

    /// One queue; nil where there is none.
    public func queue(_ name: QueueName) async throws(ClientError) -> QueueView? {
        try await find("/queues/\(name)")
    }

    /// Stops handing out the tasks of a queue.
    @discardableResult
    public func pause(_ name: QueueName) async throws(ClientError) -> QueueView {
        try await post("/queues/\(name)/pause", isRepeatable: true)
    }

    /// Hands out the tasks of a queue again.
    @discardableResult
    public func resume(_ name: QueueName) async throws(ClientError) -> QueueView {
        try await post("/queues/\(name)/resume", isRepeatable: true)
    }

    /// A page of dead letters with their attempts, newest first. Of the filter, queue, type and error are looked at.
    public func deadLetters(
        matching filter: TaskFilter = TaskFilter(), limit: Int = 50, cursor: String? = nil
    ) async throws(ClientError) -> TaskPageView {
        var query = Self.query(filter)
        query.add("limit", String(limit))
        query.add("cursor", cursor)
        return try await get("/dead-letters", query)
    }

    /// Puts dead letters back, oldest first. Never repeated by itself.
    public func replay(_ body: ReplayBody = ReplayBody()) async throws(ClientError) -> ReplayAnswer {
        try await post("/dead-letters/replay", body, isRepeatable: false)
    }

    /// The replays with a rate that the server goes on with, oldest first.
    public func replays() async throws(ClientError) -> [ReplayView] {
        let list: ReplayListView = try await get("/dead-letters/replays")
        return list.replays
    }

    /// Stops a replay with a rate; how it stood, or nil if the server does not go on with it. Never repeated by itself.
    public func stopReplay(_ id: ReplayID) async throws(ClientError) -> ReplayView? {
        try await whatIsThere { () throws(ClientError) in
            try await answer(.init(method: .delete, path: "/dead-letters/replays/\(id)", isRepeatable: false))
        }
    }

    /// Deletes dead letters, oldest first; how many. Never repeated by itself.
    public func purge(
        matching filter: TaskFilter = TaskFilter(), limit: Int = ReplayBody.usual
    ) async throws(ClientError) -> Int {
        var query = Self.query(filter)
        query.add("task_ids", filter.ids.map { $0.map(\.description).joined(separator: ",") })
        query.add("limit", String(limit))
        let answer: PurgeAnswer = try await answer(
            .init(method: .delete, path: "/dead-letters" + query.text, isRepeatable: false))
        return answer.deleted
    }

    private static func query(_ filter: TaskFilter) -> Query {
        var query = Query()
        query.add("queue", filter.queue?.rawValue)
        query.add("type", filter.type?.rawValue)
        query.add("error", filter.error)
        return query
    }

    /// How many tasks are where.
    public func stats() async throws(ClientError) -> StatsView { try await get("/stats") }

    /// Returns if the server is up and its store answers.
    public func checkReady() async throws(ClientError) {
        _ = try await transport.send(.init(method: .get, path: "/readyz", isRepeatable: true))
    }

    /// Returns if the server is up. Needs no API key, and is not repeated.
    public func checkHealth() async throws(ClientError) {
        _ = try await transport.send(.init(method: .get, path: "/healthz", isRepeatable: false))
    }
}
#endif
