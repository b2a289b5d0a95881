#if Redis
import Logging
import NIOCore
import Synchronization

/// Who hears what nobody asked for.
struct LinkListener: Sendable {
    /// The server sent this by itself.
    var onPush: @Sendable ([RESPValue]) -> Void = { _ in }
    /// The link has ended for good.
    var onEnd: @Sendable (RESPError) -> Void = { _ in }
}

/// Makes links, knows all that live, and ends them.
final class LinkFactory: Sendable {
    /// What a connection is for.
    enum Purpose {
        /// Everybody's ordinary commands; reconnects by itself and keeps what waits.
        case shared
        /// One node of a cluster; fails fast, so that the commands can go elsewhere.
        case node
        /// One blocking command at a time.
        case dedicated
        /// Pushes only.
        case subscription
    }

    private struct Living {
        var links: [ObjectIdentifier: Link] = [:]
        var sentinel: Sentinel?
        var isShut = false
    }

    /// Where a link leads that finds its server by itself.
    private final class Place: Sendable {
        private let state = Mutex<RedisEndpoint?>(nil)
        var endpoint: RedisEndpoint? { state.withLock { $0 } }

        func set(_ endpoint: RedisEndpoint) -> RedisEndpoint {
            state.withLock { $0 = endpoint }
            return endpoint
        }
    }

    let configuration: RedisConfiguration
    let address: RedisAddress
    private let security: Security?
    private let group: any EventLoopGroup
    private let logger: Logger
    private let living = Mutex(Living())

    init(
        _ address: RedisAddress, configuration: RedisConfiguration, group: any EventLoopGroup, logger: Logger
    ) throws(RESPError) {
        self.address = address
        self.configuration = configuration
        self.group = group
        self.logger = logger
        if let tls = address.tls { security = try Security(tls) } else { security = nil }
    }

    var isShut: Bool { living.withLock { $0.isShut } }

    /// A link to `endpoint`; without one to the server of the address, wherever that is at the moment.
    func link(
        _ purpose: Purpose, to endpoint: RedisEndpoint? = nil, listener: LinkListener = LinkListener()
    ) throws(RESPError) -> Link {
        if let endpoint { return try make(connector(to: endpoint), purpose, wishes, listener) }
        guard let sentinel = sentinel() else {
            return try make(connector(to: address.endpoints[0]), purpose, wishes, listener)
        }
        var wishes = wishes
        wishes.mustBeMaster = true
        let place = Place()
        let connector = Connector(
            find: { loop in sentinel.find(on: loop).map { place.set($0) } }, place: address.description,
            security: security,
            timeout: TimeAmount(configuration.connectTimeout), limits: configuration.limits)
        let link = try make(connector, purpose, wishes, listener)
        // One that blocks ends by itself, and the next one goes to the right server.
        if purpose != .dedicated { sentinel.watch(link) { place.endpoint } }
        return link
    }

    /// Who knows the master; nil where the address names the server itself.
    private func sentinel() -> Sentinel? {
        guard case .sentinel(let endpoints, let master) = address.topology else { return nil }
        return living.withLock { living in
            let sentinel =
                living.sentinel
                ?? Sentinel(
                    endpoints, master: master,
                    patience: TimeAmount(min(configuration.connectTimeout, .seconds(1)))
                ) { [weak self] endpoint throws(RESPError) in
                    guard let self else { throw .shutDown }
                    return try sentinelLink(to: endpoint)
                }
            living.sentinel = sentinel
            return sentinel
        }
    }

    /// A link to a sentinel, which has neither our user nor our database, but perhaps a login of its own.
    private func sentinelLink(to endpoint: RedisEndpoint) throws(RESPError) -> Link {
        let wishes = Handshake.Wishes(
            user: address.sentinelUser, password: address.sentinelPassword, clientName: configuration.clientName)
        return try make(connector(to: endpoint), .dedicated, wishes, LinkListener())
    }

    /// Ends every link, and every one that somebody asks for later. The futures end when the sockets are closed.
    func shutdown() -> [EventLoopFuture<Void>] {
        let links = living.withLock { living in
            living.isShut = true
            return Array(living.links.values)
        }
        return links.map { $0.close() }
    }

    private func make(
        _ connector: Connector, _ purpose: Purpose, _ wishes: Handshake.Wishes, _ listener: LinkListener
    ) throws(RESPError) -> Link {
        let link = Link(
            connector: connector, options: options(purpose), wishes: wishes, loop: group.next(), logger: logger,
            onPush: listener.onPush
        ) { [weak self] link, error in
            self?.living.withLock { _ = $0.links.removeValue(forKey: ObjectIdentifier(link)) }
            listener.onEnd(error)
        }
        let isShut = living.withLock { living in
            if !living.isShut { living.links[ObjectIdentifier(link)] = link }
            return living.isShut
        }
        if isShut { throw .shutDown }
        return link
    }

    private func connector(to endpoint: RedisEndpoint) -> Connector {
        Connector(
            find: { $0.makeSucceededFuture(endpoint) }, place: endpoint.description, security: security,
            timeout: TimeAmount(configuration.connectTimeout), limits: configuration.limits)
    }

    private var wishes: Handshake.Wishes {
        Handshake.Wishes(
            user: address.user, password: address.password, database: address.database,
            clientName: configuration.clientName)
    }

    private func options(_ purpose: Purpose) -> Link.Machine.Options {
        var options = Link.Machine.Options()
        options.connectTimeout = TimeAmount(configuration.connectTimeout)
        options.silenceLimit = TimeAmount(configuration.commandTimeout)
        options.backlog = configuration.backlog
        options.reconnects = purpose == .shared || purpose == .node
        options.failsFast = purpose != .shared
        options.isSubscription = purpose == .subscription
        return options
    }
}
#endif
