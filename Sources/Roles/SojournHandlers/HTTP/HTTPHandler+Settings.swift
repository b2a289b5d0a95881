#if HTTP
extension HTTPHandler {
    /// Which server to call, and how.
    public struct Settings: Sendable {
        /// An http or https URL, without user name and fragment. Often holds a token: not for logs.
        public var url: String
        /// How long one delivery may take, from looking up the name to the end of the answer; 100 ms to 24 h.
        public var timeout: Duration
        /// Keys to sign with; none = not signed, several = one signature each, which is how receivers change keys.
        public var secrets: [WebhookSecret]
        /// More request headers, by name.
        public var headers: [String: String]
        /// Whether addresses may be called that are not public, such as those of the machine and its network.
        public var allowsPrivateAddresses: Bool

        /// Settings for a URL; all else has a default.
        public init(
            url: String, timeout: Duration = .seconds(30), secrets: [WebhookSecret] = [],
            headers: [String: String] = [:], allowsPrivateAddresses: Bool = false
        ) {
            self.url = url
            self.timeout = timeout
            self.secrets = secrets
            self.headers = headers
            self.allowsPrivateAddresses = allowsPrivateAddresses
        }
    }
}

extension HTTPHandler.Settings {
    /// Headers that the handler or the HTTP library sets, and prefixes of such.
    private static let ownHeaders: Set<String> = [
        "connection", "content-encoding", "content-length", "content-type", "expect", "host", "idempotency-key",
        "keep-alive", "te", "traceparent", "trailer", "transfer-encoding", "upgrade",
    ]
    private static let ownPrefixes = ["sojourn-", "webhook-", "proxy-"]

    /// Checks all but the URL, which ``HTTPTarget`` does.
    func check() throws(InvalidHandlerSettings) {
        try InvalidHandlerSettings.check(timeout: timeout)
        for (name, value) in headers {
            let field = "headers.\(SafeText.line(name, limit: 64))"
            guard !name.isEmpty, name.utf8.allSatisfy(Self.isNameByte) else {
                throw InvalidHandlerSettings(field, "must be named with the characters of a header name")
            }
            let small = name.lowercased()
            guard !Self.ownHeaders.contains(small), !Self.ownPrefixes.contains(where: small.hasPrefix) else {
                throw InvalidHandlerSettings(field, "must not be set: it is part of every delivery")
            }
            guard Self.isHeaderValue(value) else {
                throw InvalidHandlerSettings(field, "must not contain control characters")
            }
        }
    }

    static func isHeaderValue(_ value: String) -> Bool {
        value.utf8.allSatisfy { $0 == 0x09 || $0 >= 0x20 && $0 != 0x7F }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
#endif
