#if HTTP
import AsyncHTTPClient
import NIOCore
import SojournModel
import Synchronization

/// The HTTP clients of one handler: one for each address that was checked, or a single one where none is checked.
///
/// The library can tie a host to an address only for a client as a whole (`dnsOverride`), and does so without
/// touching the `Host` header, the server name of TLS or the certificate's check. A client for each delivery would
/// be simplest, but costs a TLS handshake and a load of the root certificates every time. So clients stay, with
/// their connections, for the first addresses that a host shows; a host that shows ever new ones gets a client for
/// each delivery.
final class HTTPClients: Sendable {
    private enum State {
        case open([IPAddress?: HTTPClient])
        case closed
    }
    private enum Choice {
        case kept(HTTPClient)
        case passing
        case closed
    }

    static let keptMax = 16

    private let host: String
    private let timeout: Duration
    private let state = Mutex(State.open([:]))

    init(host: String, timeout: Duration) {
        self.host = host
        self.timeout = timeout
    }

    /// How many clients are kept now.
    var count: Int {
        state.withLock { state in
            if case .open(let clients) = state { clients.count } else { 0 }
        }
    }

    /// Runs `body` with a client that calls the host at `address`; nil = at whatever address the system finds.
    func withClient<Result>(
        at address: IPAddress?, _ body: (HTTPClient) async throws -> Result
    ) async throws -> Result {
        switch choose(address) {
        case .kept(let client): return try await body(client)
        case .passing: return try await HTTPClient.withHTTPClient(configuration: configuration(for: address), body)
        case .closed: throw Failure("The server is shutting down")
        }
    }

    /// Closes all clients. Deliveries under way fail; later ones are refused.
    func shutdown() async throws {
        let clients: [HTTPClient] = state.withLock { state in
            defer { state = .closed }
            if case .open(let clients) = state { return Array(clients.values) }
            return []
        }
        for client in clients { try await client.shutdown() }
    }

    private func choose(_ address: IPAddress?) -> Choice {
        state.withLock { state in
            guard case .open(var clients) = state else { return .closed }
            if let client = clients[address] { return .kept(client) }
            guard clients.count < Self.keptMax else { return .passing }
            let client = HTTPClient(configuration: configuration(for: address))
            clients[address] = client
            state = .open(clients)
            return .kept(client)
        }
    }

    private func configuration(for address: IPAddress?) -> HTTPClient.Configuration {
        let connect = TimeAmount(min(timeout, .seconds(10)))
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: connect))
        configuration.httpVersion = .http1Only
        // Every delivery waiting here holds one of the worker's slots: those are the limit, not a second one.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = Limits.concurrency
        // Many servers close idle connections after five seconds; a request on a closed one is a failed attempt.
        configuration.connectionPool.idleTimeout = .seconds(4)
        // The retry policy decides about retries.
        configuration.connectionPool.retryConnectionEstablishment = false
        // The task brings its own trace context.
        configuration.tracing.tracer = nil
        if let address { pin(&configuration, to: address) }
        return configuration
    }

    private func pin(_ configuration: inout HTTPClient.Configuration, to address: IPAddress) {
        configuration.dnsOverride = [host: address.description]
        // A second wall: whatever the override did, nothing is sent to an address that was not checked.
        configuration.http1_1ConnectionDebugInitializer = { channel in
            let peer = channel.remoteAddress.flatMap { $0.withSockAddr { address, _ in IPAddress(address) } }
            guard peer == address else {
                channel.close(promise: nil)
                return channel.eventLoop.makeFailedFuture(Failure("The connection went to an unchecked address"))
            }
            return channel.eventLoop.makeSucceededVoidFuture()
        }
    }
}
#endif
