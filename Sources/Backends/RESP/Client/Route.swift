#if Redis
import NIOCore

/// The way from commands to servers.
protocol Route: Sendable {
    /// Sends the commands to whoever serves them; reply i belongs to command i.
    func send(_ commands: [Command], deadline: NIODeadline) async throws(RESPError) -> [Reply]
    /// The server on which a connection for `command` alone must be opened; nil: wherever the address leads.
    func endpoint(of command: Command) async throws(RESPError) -> RedisEndpoint?
    /// Learns that a slot has moved; returns where to.
    func follow(_ redirection: Redirection, from endpoint: RedisEndpoint?) -> RedisEndpoint?
}

/// One server, or the master behind sentinels.
struct SingleRoute: Route {
    let link: Link

    func send(_ commands: [Command], deadline: NIODeadline) async throws(RESPError) -> [Reply] {
        try await link.send(commands, deadline: deadline)
    }

    func endpoint(of command: Command) async throws(RESPError) -> RedisEndpoint? { nil }

    func follow(_ redirection: Redirection, from endpoint: RedisEndpoint?) -> RedisEndpoint? { endpoint }
}
#endif
