#if HTTP
import SojournModel
import SojournWire

/// What a server answered, as far as the attempt's outcome depends on it.
struct HTTPAnswer: Sendable, Hashable {
    var status: Int
    var contentType: String?
    var contentEncoding: String?
    var retryAfter: String?
    var location: String?
    /// nil where the body was longer than ``bodyBytes``.
    var body: [UInt8]?

    /// No more than this is read of a body.
    static let bodyBytes = Limits.resultBytes

    /// What the answer means. Messages name the host and the status, never what was sent or answered besides: URLs,
    /// headers and bodies carry secrets.
    func outcome(from host: String, now: Timestamp) -> Outcome {
        switch status {
        case 200..<300: .succeeded(result: result)
        case 300..<400: .failed(Failure("\(host) answered \(status) and \(redirect)", isRetryable: false))
        case 408, 425, 429: .failed(failure(from: host, isRetryable: true, now: now))
        case 400..<500: .failed(failure(from: host, isRetryable: false, now: now))
        default: .failed(failure(from: host, isRetryable: true, now: now))
        }
    }

    private func failure(from host: String, isRetryable: Bool, now: Timestamp) -> Failure {
        let wait = isRetryable ? retryAfter.flatMap { RetryAfter.parse($0, now: now) } : nil
        return Failure("\(host) answered \(status)", isRetryable: isRetryable, retryAfter: wait)
    }

    /// Of the place it points to only the host is told; the path may carry a token.
    private var redirect: String {
        guard let location else { return "is a redirect; redirects are not followed" }
        let target = try? HTTPTarget(location, allowsPrivateAddresses: true)
        let place = target.map { "the host \($0.host)" } ?? "another path"
        return "points to \(SafeText.line(place)); redirects are not followed"
    }

    /// The body, if it says that it is JSON, and is.
    private var result: [UInt8]? {
        let type = contentType?.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
        let isPlain = contentEncoding.map { $0.lowercased() == "identity" } ?? true
        guard type == "application/json", isPlain, let body, let value = try? JSONValue(validating: body) else {
            return nil
        }
        return value.raw
    }
}
#endif
