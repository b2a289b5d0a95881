#if HTTP
import HTTPTypes
import Hummingbird
import HummingbirdCore
import SojournWire

/// Lets in only requests that mean this server, come from where they may, and show a key where one is needed.
///
/// Loopback alone protects nobody: any web page can send a request to 127.0.0.1, and a hostile name server can make a
/// foreign name point there. So the names under which the server may be asked are listed, pages of other origins are
/// refused, and a body must be JSON, which a plain form cannot send.
struct Guard: RouterMiddleware {
    typealias Context = HTTPContext

    private let hosts: Set<String>
    private let keys: APIKeys
    private let openPaths: Set<String>
    private let anyHostPaths: Set<String>
    private let limits: HTTPLimits

    /// - Parameters:
    ///   - openPaths: Those that need no key.
    ///   - anyHostPaths: Those that may be asked under any name.
    init(_ configuration: HTTPServerConfiguration, openPaths: Set<String>, anyHostPaths: Set<String> = []) {
        hosts = Set(["127.0.0.1", "localhost", "[::1]"] + configuration.allowedHosts.map { $0.lowercased() })
        keys = APIKeys(configuration.apiKeys)
        self.openPaths = openPaths
        self.anyHostPaths = anyHostPaths
        limits = configuration.limits
    }

    func handle(
        _ request: Request, context: HTTPContext, next: @concurrent (Request, HTTPContext) async throws -> Response
    ) async throws -> Response {
        try checkTarget(request.head)
        try checkHost(request.head, isAny: anyHostPaths.contains(request.uri.path))
        try checkOrigin(request.head)
        guard keys.isEmpty || openPaths.contains(request.uri.path) || keys.admits(request.headers[.authorization])
        else {
            throw Problem(.unauthorized, "Send an API key as Authorization: Bearer …")
        }
        try checkBody(request.head)
        return try await next(request, context)
    }

    private func checkTarget(_ head: HTTPRequest) throws(Problem) {
        let target = head.path ?? ""
        guard target.utf8.count <= limits.targetBytes else {
            throw Problem(.uriTooLong, "Path and query must be at most \(limits.targetBytes) bytes.")
        }
        guard target.utf8.first == UInt8(ascii: "/") else {
            throw .malformed("The target of the request must be a path that begins with /.")
        }
    }

    private func checkHost(_ head: HTTPRequest, isAny: Bool) throws(Problem) {
        guard let authority = head.authority, !authority.isEmpty else {
            throw .malformed("The header Host is required.")
        }
        // The first Host stands outside of the fields; one among them is a second one.
        guard head.headerFields[.host] == nil else { throw .malformed("The header Host appears more than once.") }
        guard isAny || hosts.contains(Self.name(ofAuthority: authority)) else {
            throw Problem(
                .forbidden,
                "The header Host names a host under which this server does not serve; allow it by its name.")
        }
    }

    private func checkOrigin(_ head: HTTPRequest) throws(Problem) {
        let site = head.headerFields[.secFetchSite]
        guard site == nil || site == "same-origin" || site == "none" else {
            throw Problem(.forbidden, "A page of another site must not use this server (Sec-Fetch-Site).")
        }
        guard let origin = head.headerFields[.origin] else { return }
        let authority = head.authority ?? ""
        guard origin == "http://\(authority)" || origin == "https://\(authority)" else {
            throw Problem(.forbidden, "A page of another origin must not use this server (Origin).")
        }
    }

    private func checkBody(_ head: HTTPRequest) throws(Problem) {
        let length = head.headerFields[.contentLength].map { Int($0) ?? .max } ?? 0
        let coding = head.headerFields[.transferEncoding]
        guard length > 0 || coding != nil else { return }
        guard length <= limits.bodyBytes else { throw .tooLarge(limits) }
        guard head.method == .post else { throw .malformed("A \(head.method.rawValue) request must have no body.") }
        guard coding == nil || coding?.lowercased() == "chunked" else {
            throw .malformed("The header Transfer-Encoding must be chunked or absent.")
        }
        guard Self.isJSON(head.headerFields[.contentType]), head.headerFields[.contentEncoding] == nil else {
            throw Problem(
                .unsupportedMediaType, "The body must be application/json in UTF-8, without Content-Encoding.")
        }
    }

    /// `localhost` for `localhost:8080`, `[::1]` for `[::1]:8080`.
    private static func name(ofAuthority authority: String) -> String {
        let host = authority.lowercased()
        let end = host.hasPrefix("[") ? host.firstIndex(of: "]").map(host.index(after:)) : host.firstIndex(of: ":")
        guard let end else { return host }
        let port = host[end...].dropFirst()
        let isPort = host[end...].isEmpty || (host[end] == ":" && !port.isEmpty && UInt16(port) != nil)
        return isPort ? String(host[..<end]) : ""
    }

    private static func isJSON(_ contentType: String?) -> Bool {
        // What nearly everybody sends needs no parsing.
        guard let contentType, contentType != "application/json" else { return contentType != nil }
        let parts = contentType.lowercased().split(separator: ";").map { part in
            part.filter { $0 != " " && $0 != "\t" && $0 != "\"" }
        }
        return parts.first == "application/json" && parts.dropFirst().allSatisfy { $0 == "charset=utf-8" }
    }
}
#endif
