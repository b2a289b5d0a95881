#if HTTP
import AsyncHTTPClient
import NIOCore
import NIOHTTP1
public import SojournCore
public import SojournModel

/// Sends each task to a web server: a POST with the payload as its body.
///
/// | answer | outcome |
/// | --- | --- |
/// | 2xx | succeeded; a body of JSON becomes the result |
/// | 3xx | failed, not retried: redirects are not followed |
/// | 408, 425, 429, 5xx | failed, retried, after `Retry-After` if the server sent it |
/// | other 4xx | failed, not retried |
/// | none: not found, refused, broken off, too late | failed, retried |
///
/// Only public addresses are called unless the settings say otherwise. Proxies in the environment
/// are ignored. ``shutdown()`` must be called before the last reference goes.
public final class HTTPHandler: Sendable {
    private let settings: Settings
    private let target: HTTPTarget
    private let addresses: AddressGuard?
    let clients: HTTPClients
    private let time: any TimeSource

    /// A handler for one URL. `time` measures the time limit and stamps signatures.
    public convenience init(_ settings: Settings, time: any TimeSource = SystemTime())
        throws(InvalidHandlerSettings)
    {
        let target = try HTTPTarget(settings.url, allowsPrivateAddresses: settings.allowsPrivateAddresses)
        if !settings.allowsPrivateAddresses { try AddressGuard.check(literal: target.host) }
        let addresses = settings.allowsPrivateAddresses ? nil : AddressGuard(host: target.host)
        let clients = HTTPClients(host: target.host, timeout: settings.timeout)
        try self.init(settings, target: target, addresses: addresses, clients: clients, time: time)
    }

    init(
        _ settings: Settings, target: HTTPTarget, addresses: AddressGuard?, clients: HTTPClients,
        time: any TimeSource
    ) throws(InvalidHandlerSettings) {
        try settings.check()
        self.settings = settings
        self.target = target
        self.addresses = addresses
        self.clients = clients
        self.time = time
    }

    /// Makes one attempt: sends one request.
    public func handle(_ payload: [UInt8], context: TaskContext) async throws -> Outcome {
        do {
            let outcome = try await withTimeLimit(settings.timeout, on: time) { [self] in
                try await deliver(payload, context: context)
            }
            return outcome ?? .failed(Failure("\(target.host) did not answer within \(settings.timeout)"))
        } catch let failure as Failure {
            return .failed(failure)
        } catch {
            // The library's error for a cancelled request is its own; the worker knows why it cancelled.
            try Task.checkCancellation()
            return .failed(Failure("\(target.host) could not be reached: \(Self.describe(error))"))
        }
    }

    /// Closes all connections; deliveries under way fail. Call it once no more tasks come.
    public func shutdown() async throws { try await clients.shutdown() }

    private func deliver(_ payload: [UInt8], context: TaskContext) async throws -> Outcome {
        let address = try await addresses?.address(forAttempt: context.attempt)
        let request = request(payload, context: context)
        return try await clients.withClient(at: address) { client in
            let response = try await client.execute(request, deadline: .distantFuture)
            let answer = HTTPAnswer(
                status: Int(response.status.code),
                contentType: response.headers.first(name: "content-type"),
                contentEncoding: response.headers.first(name: "content-encoding"),
                retryAfter: response.headers.first(name: "retry-after"),
                location: response.headers.first(name: "location"),
                body: try await Self.boundedBody(of: response))
            return answer.outcome(from: target.host, now: time.now())
        }
    }

    private func request(_ payload: [UInt8], context: TaskContext) -> HTTPClientRequest {
        let id = context.id.description
        var request = HTTPClientRequest(url: target.url)
        request.method = .POST
        request.body = .bytes(ByteBuffer(bytes: payload))
        request.headers = HTTPHeaders(settings.headers.map { ($0, $1) })
        if !request.headers.contains(name: "user-agent") {
            request.headers.add(name: "User-Agent", value: "sojourn")
        }
        request.headers.add(name: "Content-Type", value: "application/json")
        request.headers.add(name: "Sojourn-Task-Id", value: id)
        request.headers.add(name: "Sojourn-Task-Type", value: context.type.rawValue)
        request.headers.add(name: "Sojourn-Attempt", value: String(context.attempt))
        request.headers.add(name: "Idempotency-Key", value: id)
        // It came with the task, from outside: a trace is not worth a failed delivery.
        if let traceparent = context.traceparent, Settings.isHeaderValue(traceparent) {
            request.headers.add(name: "traceparent", value: traceparent)
        }
        sign(payload, id: id, in: &request.headers)
        return request
    }

    private func sign(_ payload: [UInt8], id: String, in headers: inout HTTPHeaders) {
        guard !settings.secrets.isEmpty else { return }
        let timestamp = time.now().microseconds / 1_000_000
        let signatures = settings.secrets.map { $0.signature(id: id, timestamp: timestamp, body: payload) }
        headers.add(name: "Webhook-Id", value: id)
        headers.add(name: "Webhook-Timestamp", value: String(timestamp))
        headers.add(name: "Webhook-Signature", value: signatures.joined(separator: " "))
    }

    /// The whole body, or nil when it is too long; then the library closes the connection instead of reading on.
    private static func boundedBody(of response: HTTPClientResponse) async throws -> [UInt8]? {
        var body: [UInt8] = []
        for try await chunk in response.body {
            guard body.count + chunk.readableBytes <= HTTPAnswer.bodyBytes else { return nil }
            body.append(contentsOf: chunk.readableBytesView)
        }
        return body
    }

    private static func describe(_ error: any Error) -> String {
        if let error = error as? HTTPClientError { return error.shortDescription }
        return SafeText.line(String(describing: error))
    }
}
#endif
