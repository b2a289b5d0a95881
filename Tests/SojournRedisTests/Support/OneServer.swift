#if Redis
import RESP
import RedisTestKit

/// A stage with one server, for tests that need no more.
struct OneServer: Sendable {
    let stage: Stage
    let server: RedisProcess

    /// A client of its own.
    func client() throws -> RedisClient { try stage.client(server.address) }
}

/// Runs `body` with one server; `settings` are lines of its configuration.
func withOneServer(_ settings: [String] = [], _ body: (OneServer) async throws -> Void) async throws {
    try await withServer(settings) { stage, server in try await body(OneServer(stage: stage, server: server)) }
}
#endif
