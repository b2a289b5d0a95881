#if HTTP
public import SojournModel
public import SojournWire

/// Where the HTTP server listens, whom it lets in and how much it takes.
public struct HTTPServerConfiguration: Sendable {
    /// The address to listen on.
    public var host: String
    /// The port to listen on; 0 = any that is free.
    public var port: Int
    /// The keys of which a request must show one, as `Authorization: Bearer …`; none = everybody is let in.
    public var apiKeys: [String]
    /// Host names, besides the loopback ones, under which the server may be asked; without ports.
    public var allowedHosts: [String]
    /// Whether a proxy in front of the server speaks TLS with the outside. Needed to listen beyond loopback.
    public var isBehindProxy: Bool
    /// The length of a lease that a worker asks for without naming one.
    public var lease: Duration
    /// What queues promise.
    public var promises: [QueueName: QueuePromise]
    /// The bounds on connections and requests.
    public var limits: HTTPLimits
    /// Answers a scrape of `/metrics`, given the `Accept` field of the request: the `Content-Type`, and the text.
    public var metrics: @Sendable (_ accept: String?) -> (type: String, text: [UInt8])
    /// What `/events` tells.
    public var events: EventFeed
    /// What the control plane knows about a queue.
    public var insight: @Sendable (QueueName) -> QueueInsight?
    /// Whether the process has been told to stop: `/readyz` says so while everything else is still answered, so that
    /// balancers send their requests elsewhere.
    public var isStopping: @Sendable () -> Bool
    /// Called once, with the port, when the server listens.
    public var onListening: @Sendable (Int) -> Void

    /// A configuration for one machine: loopback only, no keys.
    public init(host: String = "127.0.0.1", port: Int = 8080) {
        self.host = host
        self.port = port
        self.apiKeys = []
        self.allowedHosts = []
        self.isBehindProxy = false
        self.lease = .seconds(60)
        self.promises = [:]
        self.limits = HTTPLimits()
        self.metrics = { _ in ("text/plain; version=0.0.4; charset=utf-8", []) }
        self.events = EventFeed()
        self.insight = { _ in nil }
        self.isStopping = { false }
        self.onListening = { _ in }
    }

    /// Why a server must not start like this; nil where it may.
    public var problem: String? {
        guard (0...65_535).contains(port) else { return "The port must be 0 to 65535, but is \(port)." }
        guard apiKeys.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x21...0x7E).contains($0) } }) else {
            return "An API key must consist of visible ASCII characters, without spaces."
        }
        if isLoopback { return nil }
        if apiKeys.isEmpty { return "Listening on \(host), beyond this machine, needs at least one API key." }
        guard isBehindProxy else {
            return """
                Listening on \(host), beyond this machine, needs a proxy in front that speaks TLS; where there is one, \
                set server.behind_proxy: true (SOJOURN_BEHIND_PROXY=true).
                """
        }
        return nil
    }

    var isLoopback: Bool { ["localhost", "::1", "[::1]"].contains(host) || host.hasPrefix("127.") }
}

/// The bounds on connections and requests.
public struct HTTPLimits: Sendable {
    /// Bytes of a request's body.
    public var bodyBytes = Limits.bodyBytes
    /// Bytes of a request's header fields.
    public var headerBytes = 16 * 1024
    /// Header fields of a request.
    public var headerFields = 64
    /// Bytes of a request's path and query.
    public var targetBytes = 4 * 1024
    /// Open connections; more wait for one of them to close.
    public var connections = 10_000
    /// How long the header of a request may take, from its first byte.
    public var headerTime = Duration.seconds(10)
    /// How long the body of a request may take, from the end of its header.
    public var bodyTime = Duration.seconds(30)
    /// How long the other side may take nothing of what is written to it.
    public var writeTime = Duration.seconds(30)
    /// How long a connection may stay open without a request.
    public var idleTime = Duration.seconds(60)
    /// How long a connection stays open after the answer that ends it, so that the answer arrives.
    public var lingerTime = Duration.seconds(2)
    /// Those who watch `/events` at once.
    public var eventStreams = 100
    /// Those who watch hear something at least this often.
    public var heartbeatTime = Duration.seconds(15)
    /// Paced replays at once.
    public var pacedReplays = 16

    /// The usual bounds.
    public init() {}
}

extension HTTPServerConfiguration: CustomStringConvertible, CustomReflectable {
    /// Without the keys: whoever prints a server, as libraries do in their logs, prints this with it.
    public var description: String { "HTTPServerConfiguration(\(host):\(port))" }

    /// Without children: `dump` walks mirrors and would find the keys.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Why the HTTP server does not run.
public struct HTTPServerError: Error, Sendable, CustomStringConvertible {
    /// One sentence.
    public let description: String
}
#endif
