#if Redis
public import Logging
public import NIOCore
import NIOPosix

/// A client of one Redis server, of the master behind sentinels, or of a cluster.
///
/// All ordinary commands share one connection per server: what several callers send at the same time goes out in one
/// write, and nobody waits for the answers of others. The connection opens with the first command, and opens again by
/// itself when it is lost; commands that were not sent yet wait for it until their deadlines. A command that was sent
/// and not answered is never sent again: ``RESPError/mayHaveExecuted`` tells its caller so.
///
/// End it with ``shutdown()``.
public final class RedisClient: Sendable {
    /// The servers and who we are there.
    public let address: RedisAddress
    /// How patient the client is.
    public let configuration: RedisConfiguration
    private let factory: LinkFactory
    private let route: any Route
    private let dedicated: DedicatedLinks

    /// Prepares a client; it connects with the first command.
    ///
    /// - Parameters:
    ///   - address: Where and as whom, for instance `RedisAddress(parsing: "redis://localhost")`.
    ///   - group: The event loops to run on; nil is the one of the process.
    ///   - logger: Hears of connections that come and go.
    /// - Throws: ``RESPError/Kind/invalidAddress`` if there is no host, or the TLS authorities cannot be read.
    public init(
        _ address: RedisAddress, configuration: RedisConfiguration = RedisConfiguration(),
        group: (any EventLoopGroup)? = nil,
        logger: Logger = Logger(label: "sojourn.redis")
    ) throws(RESPError) {
        guard !address.endpoints.isEmpty else { throw RESPError(.invalidAddress, "The Redis address has no host.") }
        let group = group ?? MultiThreadedEventLoopGroup.singleton
        self.address = address
        self.configuration = configuration
        factory = try LinkFactory(address, configuration: configuration, group: group, logger: logger)
        switch address.topology {
        case .single, .sentinel: route = SingleRoute(link: try factory.link(.shared))
        case .cluster: route = ClusterRoute(factory: factory, loop: group.next())
        }
        dedicated = DedicatedLinks(limit: configuration.idleConnections)
    }

    deinit { _ = factory.shutdown() }

    /// Sends `commands` in one piece; reply i belongs to command i, and each is the server's value or its own error.
    ///
    /// One server runs them in this order, with nothing in between if they are wrapped in `MULTI` and `EXEC`. A cluster
    /// runs them in this order per node. A script that the server does not know by its digest is sent again in full,
    /// after the rest. Cancelling the caller takes nothing back: the call ends with its answers or at its deadline.
    ///
    /// - Parameter timeout: For all of them; nil is ``RedisConfiguration/commandTimeout``.
    /// - Throws: If nothing was sent, and nothing will be: the client is shut down or has too much to do.
    public func send(_ commands: [Command], timeout: Duration? = nil) async throws(RESPError) -> [Reply] {
        guard !commands.isEmpty else { return [] }
        try check(commands)
        let deadline = NIODeadline.now() + TimeAmount(timeout ?? configuration.commandTimeout)
        var replies = try await route.send(commands, deadline: deadline)
        for isLast in [false, true] {
            let resends = Script.resends(of: commands, after: replies, allInFull: isLast)
            if resends.isEmpty { break }
            do throws(RESPError) {
                let again = try await route.send(resends.map(\.command), deadline: deadline)
                for (resend, reply) in zip(resends, again) { replies[resend.index] = reply }
            } catch {
                // The others have their answers already, so this is the failure of these commands only.
                for resend in resends { replies[resend.index] = .failure(error) }
            }
        }
        return replies
    }

    /// Sends one command and returns the server's value.
    ///
    /// - Throws: What the server refused it for, or why there is no answer.
    public func send(_ command: Command, timeout: Duration? = nil) async throws(RESPError) -> RESPValue {
        guard let reply = try await send([command], timeout: timeout).first else { throw .missing }
        return try reply.get()
    }

    /// Sends a command that keeps its connection busy (`BLPOP`, `XREAD BLOCK`), on a connection of its own.
    ///
    /// Cancelling the caller ends the connection, and with it the blocking.
    ///
    /// - Parameters:
    ///   - command: With its own block time.
    ///   - blockTime: The longest that the server may block; the answer must come ``RedisConfiguration/blockingGrace``
    ///     later at most. So a dead server cannot block for ever.
    /// - Returns: The value; ``RESPValue/null`` where the block time passed.
    public func block(_ command: Command, for blockTime: Duration) async throws(RESPError) -> RESPValue {
        try check([command])
        var endpoint = try await route.endpoint(of: command)
        var command = command
        for _ in 0..<16 {
            do throws(RESPError) {
                return try await block(command, for: blockTime, at: endpoint)
            } catch {
                if error.kind == .noScript {
                    command = command.inFull
                } else if let redirection = Redirection(error), error.kind == .moved {
                    endpoint = route.follow(redirection, from: endpoint)
                } else {
                    throw error
                }
            }
        }
        throw RESPError(.clusterDown, "The cluster sends the command in circles.")
    }

    /// Listens to `channels` and `patterns` on a connection of its own. See ``RedisSubscription`` for its end.
    ///
    /// - Throws: If the client is shut down.
    public func subscribe(
        to channels: [String], patterns: [String] = []
    ) async throws(RESPError) -> RedisSubscription {
        let endpoint = try await route.endpoint(of: Command("PING"))
        return try RedisSubscription.open(channels: channels, patterns: patterns) { (listener) throws(RESPError) in
            try factory.link(.subscription, to: endpoint, listener: listener)
        }
    }

    /// Ends every connection. Whoever waits gets ``RESPError/Kind/closed``; returns when all sockets are closed.
    public func shutdown() async {
        for socket in factory.shutdown() { try? await socket.get() }
    }

    private func block(
        _ command: Command, for blockTime: Duration, at endpoint: RedisEndpoint?
    ) async throws(RESPError) -> RESPValue {
        let link = try dedicated.take(endpoint) { () throws(RESPError) in
            try factory.link(.dedicated, to: endpoint)
        }
        let patience = blockTime + configuration.blockingGrace
        let reply = await link.sendAlone(command, connectTimeout: configuration.connectTimeout, timeout: patience)
        // What failed may still have an answer on its way, or the server is no longer the right one.
        if case .success = reply, dedicated.give(back: link, endpoint) { return try reply.get() }
        link.close()
        return try reply.get()
    }

    private func check(_ commands: [Command]) throws(RESPError) {
        let bytes = commands.reduce(0) { $0 + $1.wireBytes }
        // Buffers count with 32 bits, whatever was configured.
        let limit = min(configuration.requestBytes, 1 << 30)
        guard bytes <= limit else {
            throw RESPError(.tooLarge, "The commands have \(bytes) bytes; at most \(limit) are sent at once.")
        }
    }
}
#endif
