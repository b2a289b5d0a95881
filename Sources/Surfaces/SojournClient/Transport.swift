#if HTTP
import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import SojournCore
import SojournModel
import SojournWire

/// Sends requests to one server and judges what comes back.
struct Transport: Sendable {
    /// One request.
    struct Call {
        enum Method { case get, post, delete }

        var method: Method
        var path: String
        var body: [UInt8]?
        /// Whether doing it twice is the same as doing it once.
        var isRepeatable: Bool
        /// How long the server may wait before it begins to answer.
        var wait = Duration.zero
        /// Bytes that the answer may have.
        var maxAnswer = 64 * 1024 * 1024
    }

    private let base: String
    private let configuration: ClientConfiguration
    private let client: HTTPClient

    init(url: String, configuration: ClientConfiguration) throws(ClientError) {
        let trimmed = url.hasSuffix("/") ? String(url.dropLast()) : url
        let authority = ["http://", "https://"].first { trimmed.hasPrefix($0) }.map { trimmed.dropFirst($0.count) }
        guard let authority, !authority.isEmpty, authority.first != "/", authority.first != ":",
            trimmed.utf8.allSatisfy({
                (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#")
            })
        else { throw .invalid("The server's address must be one like http://127.0.0.1:8080, but is \(url).") }
        base = trimmed
        self.configuration = configuration
        var settings = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: TimeAmount(configuration.connectTime)),
            decompression: .disabled)
        // Repeating is decided here, where it is known which calls may be.
        settings.connectionPool.retryConnectionEstablishment = false
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 256
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
    }

    func shutdown() async { try? await client.shutdown() }

    /// The body of a successful answer, with its status.
    func send(_ call: Call) async throws(ClientError) -> (status: Int, bytes: [UInt8]) {
        var attempt = 1
        while true {
            do throws(ClientError) {
                return try await sendOnce(call)
            } catch {
                guard mayRepeat(call, after: error), attempt < configuration.attempts else { throw error }
                do {
                    try await configuration.time.sleep(for: pause(after: attempt))
                } catch {
                    throw .closed
                }
                attempt += 1
            }
        }
    }

    private func mayRepeat(_ call: Call, after error: ClientError) -> Bool {
        switch error {
        case .notReachable, .timedOut: call.isRepeatable
        case .refused(let problem): call.isRepeatable && problem.status == 503
        case .notUnderstood, .invalid, .closed: false
        }
    }

    private func pause(after attempt: Int) -> Duration {
        let policy = RetryPolicy(base: configuration.firstPause, cap: configuration.longestPause)
        var random = SystemRandomNumberGenerator()
        return policy.delay(afterAttempt: attempt, random: &random)
    }

    private func sendOnce(_ call: Call) async throws(ClientError) -> (status: Int, bytes: [UInt8]) {
        do {
            let timeout = TimeAmount(configuration.answerTime + call.wait)
            let response = try await client.execute(request(call), timeout: timeout)
            var bytes: [UInt8] = []
            for try await part in response.body {
                guard bytes.count + part.readableBytes <= call.maxAnswer else {
                    throw ClientError.notUnderstood("it has more than \(call.maxAnswer) bytes")
                }
                part.withUnsafeReadableBytes { bytes.append(contentsOf: $0) }
            }
            let status = Int(response.status.code)
            if (200..<300).contains(status) { return (status, bytes) }
            throw Self.refusal(status, response.status.reasonPhrase, bytes)
        } catch let error as ClientError {
            throw error
        } catch {
            throw failure(error)
        }
    }

    private func request(_ call: Call) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: base + call.path)
        request.method =
            switch call.method {
            case .get: .GET
            case .post: .POST
            case .delete: .DELETE
            }
        if let key = configuration.apiKey { request.headers.add(name: "authorization", value: "Bearer \(key)") }
        if let body = call.body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        return request
    }

    private static func refusal(_ status: Int, _ reason: String, _ bytes: [UInt8]) -> ClientError {
        if let problem = try? Problem(bytes: bytes) { return .refused(problem) }
        // A proxy on the way answers in its own words.
        return .refused(Problem(status: status, title: reason, detail: ""))
    }

    private func failure(_ error: any Error) -> ClientError {
        switch error {
        case is CancellationError: .closed
        case let error as HTTPClientError where error == .cancelled || error == .alreadyShutdown: .closed
        case let error as HTTPClientError where error == .deadlineExceeded || error == .readTimeout: .timedOut(base)
        case let error as HTTPClientError where error == .invalidURL || error == .emptyHost:
            .invalid("The server's address must be one like http://127.0.0.1:8080, but is \(base).")
        default: .notReachable("\(base): \(error)")
        }
    }
}
#endif
