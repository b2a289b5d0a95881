#if HTTP
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import SojournWire

/// Builds responses: every one is a single buffer with the same safe headers.
enum Answers {
    private static let headers: HTTPFields = [
        .contentType: "application/json",
        .cacheControl: "no-store",
        .xContentTypeOptions: "nosniff",
        .referrerPolicy: "no-referrer",
    ]

    /// A response whose body is JSON.
    static func json(_ body: some JSONWritable, _ status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, headers: headers, body: ResponseBody(byteBuffer: buffer(body)))
    }

    /// A response whose body is text of another type.
    static func text(_ text: some Sequence<UInt8>, type: String) -> Response {
        var headers = Self.headers
        headers[.contentType] = type
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: text)))
    }

    /// A page of our own. It may load what this server has, and nothing else; nobody may show it inside of theirs.
    static func page(_ html: [UInt8]) -> Response {
        var response = text(html, type: "text/html; charset=utf-8")
        response.headers[.contentSecurityPolicy] =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        return response
    }

    /// A response whose body comes bit by bit.
    static func stream(_ body: ResponseBody, type: String) -> Response {
        var headers = Self.headers
        headers[.contentType] = type
        return Response(status: .ok, headers: headers, body: body)
    }

    /// A refusal.
    static func problem(_ problem: Problem) -> Response {
        var headers = Self.headers
        headers[.contentType] = "application/problem+json"
        if let seconds = problem.retryAfter { headers[.retryAfter] = String(seconds) }
        if problem.status == 401 { headers[.wwwAuthenticate] = "Bearer" }
        return Response(
            status: HTTPResponse.Status(code: problem.status, reasonPhrase: problem.title), headers: headers,
            body: ResponseBody(byteBuffer: buffer(problem)))
    }

    /// The bytes of a body.
    static func buffer(_ body: some JSONWritable) -> ByteBuffer {
        var writer = JSONWriter()
        writer.value(body)
        return ByteBuffer(bytes: writer.bytes)
    }
}

extension HTTPField.Name {
    static let referrerPolicy = known("Referrer-Policy")
    static let idempotencyKey = known("Idempotency-Key")
    static let traceparent = known("traceparent")
    static let secFetchSite = known("Sec-Fetch-Site")
    static let requestID = known("X-Request-Id")
    static let host = known("Host")

    private static func known(_ name: String) -> Self {
        guard let known = Self(name) else { preconditionFailure("\(name) is no name of a header field.") }
        return known
    }
}
#endif
