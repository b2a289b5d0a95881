/// Which texts a setting takes.
struct TextRule: Sendable {
    /// Completes "expected …".
    let expectation: String
    let accepts: @Sendable (String) -> Bool

    init(_ expectation: String, _ accepts: @escaping @Sendable (String) -> Bool) {
        self.expectation = expectation
        self.accepts = accepts
    }
}

extension TextRule {
    static let name = TextRule("a name of 1 to 128 characters from A-Z a-z 0-9 . _ : -") {
        (1...128).contains($0.utf8.count) && $0.utf8.allSatisfy { $0.isAlphanumeric || "._:-".utf8.contains($0) }
    }

    static let headerName = TextRule("a header name of 1 to 128 characters from A-Z a-z 0-9 and !#$%&'*+-.^_`|~") {
        (1...128).contains($0.utf8.count)
            && $0.utf8.allSatisfy { $0.isAlphanumeric || "!#$%&'*+-.^_`|~".utf8.contains($0) }
    }

    static let headerValue = TextRule("a header value of at most 4096 bytes without line breaks") {
        $0.utf8.count <= 4_096 && $0.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }

    static let variableName = TextRule("a variable name of 1 to 128 letters, digits and _, not starting with a digit") {
        (1...128).contains($0.utf8.count) && $0.utf8.allSatisfy { $0.isAlphanumeric || $0 == UInt8(ascii: "_") }
            && $0.utf8.first.map { !$0.isDigit } ?? false
    }

    /// Short keys can be guessed; the limit is what 128 random bits need in base 62, and a little.
    static let apiKey = TextRule("a key of 24 to 512 visible ASCII characters") {
        (24...512).contains($0.utf8.count) && $0.isVisibleASCII
    }

    static let password = TextRule("a password of 1 to 4096 bytes without line breaks") {
        (1...4_096).contains($0.utf8.count) && $0.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }

    static let path = TextRule("a path of 1 to 4096 bytes") { isPath($0) }

    static let absolutePath = TextRule("an absolute path") { isPath($0) && $0.hasPrefix("/") }

    /// A NUL would end the text early for the system.
    static let argument = TextRule("a text of at most 64 KiB without NUL") {
        $0.utf8.count <= 65_536 && !$0.utf8.contains(0)
    }

    static let host = TextRule("an IP address or a host name, without scheme and port") { isHost($0) }

    /// Only names and IPv4 addresses: the port is cut off at the first colon.
    static let hostHeader = TextRule("a host name without scheme and port") { isHost($0) && !$0.contains(":") }

    static let listenAddress = TextRule("host:port or :port, with a port from 0 to 65535") { ListenAddress($0) != nil }

    static let webURL = TextRule("an http or https URL without user name, password and fragment") {
        guard let url = URLParts($0) else { return false }
        return ["http", "https"].contains(url.scheme) && !url.hasCredentials && !$0.contains("#")
    }

    static let serverURL = TextRule("an http or https URL without user name, password, query and fragment") {
        guard let url = URLParts($0) else { return false }
        return ["http", "https"].contains(url.scheme) && !url.hasCredentials && !url.hasQueryOrFragment
    }

    static let redisURL = TextRule(
        "host:port, or a redis://, rediss://, unix://, redis+sentinel:// or redis+cluster:// URL"
    ) { text in
        let schemes = ["redis", "rediss", "redis+sentinel", "rediss+sentinel", "redis+cluster", "rediss+cluster"]
        return ListenAddress(text).map { !text.hasPrefix(":") && $0.port > 0 }
            ?? hasScheme(text, schemes.map { $0 + "://" } + ["unix:///"])
    }

    static let postgresURL = TextRule("a postgres:// or postgresql:// URL") {
        hasScheme($0, ["postgres://", "postgresql://"])
    }

    private static func isPath(_ text: String) -> Bool {
        (1...4_096).contains(text.utf8.count) && !text.utf8.contains(0)
    }

    private static func isHost(_ text: String) -> Bool {
        (1...253).contains(text.utf8.count) && text.utf8.allSatisfy { $0.isAlphanumeric || ".:-_%".utf8.contains($0) }
    }

    /// Passwords in such URLs are often not percent-encoded, so the client alone judges the rest.
    private static func hasScheme(_ text: String, _ schemes: [String]) -> Bool {
        text.utf8.count <= 2_048 && text.isVisibleASCII
            && schemes.contains { text.hasPrefix($0) && text.count > $0.count }
    }
}

extension ListenAddress {
    /// Reads `host:port`, `[::1]:port` or `:port`.
    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port), text[colon...].dropFirst().allSatisfy(\.isNumber)
        else { return nil }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
        } else if host.contains(":") {
            return nil
        }
        guard host.isEmpty ? colon == text.startIndex : TextRule.host.accepts(host) else { return nil }
        self.host = host.isEmpty ? "0.0.0.0" : host
        self.port = port
    }
}

extension String {
    fileprivate var isVisibleASCII: Bool { utf8.allSatisfy { (0x21...0x7E).contains($0) } }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    fileprivate var isAlphanumeric: Bool {
        let lowercased = self | 0x20
        return isDigit || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lowercased)
    }
}
