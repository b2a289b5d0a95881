#if HTTP
import Foundation
import SojournCore
import SojournModel
import Testing

@testable import SojournHandlers

/// What `/echo` saw.
struct Echo: Decodable {
    var headers: [String: String]
    var body: Data
    var path: String
    var connections: Int
    var names: [String?]
    var verified: Bool?
}

extension LocalServer {
    /// One attempt against `path`, with private addresses allowed.
    func deliver(
        _ path: String, payload: String = "{}", attempt: Int = 1, traceparent: String? = nil,
        _ change: (inout HTTPHandler.Settings) throws -> Void = { _ in }
    ) async throws -> Outcome {
        var settings = HTTPHandler.Settings(url: url + path, allowsPrivateAddresses: true)
        try change(&settings)
        return try await withHandler(settings) { handler in
            let context = Attempt.context(attempt, traceparent: traceparent)
            return try await handler.handle(Array(payload.utf8), context: context)
        }
    }
}

/// Makes a handler and shuts it down.
func withHandler<Result>(
    _ settings: HTTPHandler.Settings, time: any TimeSource = SystemTime(),
    _ body: (HTTPHandler) async throws -> Result
) async throws -> Result {
    try await shuttingDown(try HTTPHandler(settings, time: time), body)
}

/// As ``withHandler(_:time:_:)``, with addresses and rules of the test's own. `pinning` is the host whose requests
/// are bound to the checked address: the one of the URL, unless a test wants that to go wrong.
func withHandler<Result>(
    _ settings: HTTPHandler.Settings, lookup: @escaping @Sendable () async throws -> [IPAddress],
    permits: @escaping @Sendable (IPAddress) -> Bool, pinning host: String? = nil,
    _ body: (HTTPHandler) async throws -> Result
) async throws -> Result {
    let target = try HTTPTarget(settings.url, allowsPrivateAddresses: true)
    let addresses = AddressGuard(host: target.host, lookup: lookup, permits: permits)
    let clients = HTTPClients(host: host ?? target.host, timeout: settings.timeout)
    let handler = try HTTPHandler(
        settings, target: target, addresses: addresses, clients: clients, time: SystemTime())
    return try await shuttingDown(handler, body)
}

private func shuttingDown<Result>(
    _ handler: HTTPHandler, _ body: (HTTPHandler) async throws -> Result
) async throws -> Result {
    let result: Swift.Result<Result, any Error>
    do { result = .success(try await body(handler)) } catch { result = .failure(error) }
    try await handler.shutdown()
    return try result.get()
}

extension Outcome {
    func echo() throws -> Echo {
        let decoder = JSONDecoder()
        return try decoder.decode(Echo.self, from: Data(try #require(resultText).utf8))
    }
}

extension IPAddress {
    /// An address as it is written, in any spelling that the system reads.
    static func read(_ text: String) throws -> IPAddress {
        try #require(try HostLookup.ask(for: text, numericOnly: true).get().first)
    }
}
#endif
