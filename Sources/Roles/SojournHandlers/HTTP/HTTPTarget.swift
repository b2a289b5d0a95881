#if HTTP
import Foundation

/// A URL that may be called, in the one spelling that everybody who reads it after us understands alike.
///
/// A URL that two parsers read differently is how checks on hosts are tricked, so this one takes only the plain
/// form: ASCII, no user name, no percent signs in the host. International names are given as `xn--…`.
struct HTTPTarget: Hashable, Sendable {
    /// Scheme and host in small letters, without a dot after the host, with a path.
    let url: String
    /// The host, in small letters, without brackets: a name or an address.
    let host: String
    /// As written in the URL, or what the scheme says.
    let port: Int

    /// Reads a URL. Unless private addresses are allowed, ports are limited to 80, 443 and those from 1,024 on, so
    /// that a URL cannot be used to talk to mail servers and the like.
    init(_ text: String, allowsPrivateAddresses: Bool) throws(InvalidHandlerSettings) {
        guard text.utf8.count <= 4096, text.utf8.allSatisfy(Self.isURLByte) else {
            throw Self.invalid("must be at most 4,096 characters of a URL; write international names as xn--…")
        }
        guard let colon = text.range(of: "://"),
            let scheme = Scheme(rawValue: text[..<colon.lowerBound].lowercased())
        else { throw Self.invalid("must begin with http:// or https://") }
        let rest = text[colon.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        let path = rest[authority.endIndex...]
        guard !path.contains("#") else { throw Self.invalid("must not have a fragment (#)") }
        guard !authority.contains("@") else { throw Self.invalid("must not contain a user name; use headers") }
        let (host, port) = try Self.split(authority)
        self.host = host
        self.port = port ?? scheme.port
        guard allowsPrivateAddresses || self.port == 80 || self.port == 443 || self.port >= 1024 else {
            throw Self.invalid("must have port 80, 443, or one from 1024 to 65535, but has \(self.port)")
        }
        let name = host.contains(":") ? "[\(host)]" : host
        let slash = path.first == "/" ? "" : "/"
        self.url = "\(scheme.rawValue)://\(name)\(port.map { ":\($0)" } ?? "")\(slash)\(path)"
        // The HTTP client reads the URL with Foundation; should that see another host, what was checked is not
        // called.
        guard let parsed = URL(string: url), let seen = parsed.host, [host, name].contains(seen),
            parsed.port == port
        else { throw Self.invalid("is not a URL") }
    }

    private enum Scheme: String {
        case http, https
        var port: Int { self == .http ? 80 : 443 }
    }

    private static func split(
        _ authority: Substring
    ) throws(InvalidHandlerSettings) -> (host: String, port: Int?) {
        let isLiteral = authority.first == "["
        let end = isLiteral ? authority.firstIndex(of: "]") : authority.firstIndex(of: ":") ?? authority.endIndex
        guard let end else { throw invalid("has no ] after its address") }
        var host = authority[..<end].lowercased()
        var rest = authority[end...]
        if isLiteral {
            host.removeFirst()
            rest = rest.dropFirst()
        } else if host.hasSuffix(".") {
            // The dot says that the name is complete; certificates and virtual hosts do not know it.
            host.removeLast()
        }
        let isHost = host.utf8.allSatisfy { isLiteral ? isAddressByte($0) : isNameByte($0) }
        guard !host.isEmpty, host.utf8.count <= 253, isHost, !host.hasSuffix(".") else {
            throw invalid("must name a host in letters, digits, dots and hyphens, or an address")
        }
        guard !rest.isEmpty else { return (host, nil) }
        guard rest.first == ":", rest.dropFirst().utf8.allSatisfy({ 0x30...0x39 ~= $0 }),
            let port = Int(rest.dropFirst()), 1...65535 ~= port
        else { throw invalid("must have a port from 1 to 65535") }
        return (host, port)
    }

    private static func invalid(_ message: String) -> InvalidHandlerSettings {
        InvalidHandlerSettings("url", message)
    }

    /// Visible ASCII, without what RFC 3986 keeps out of URLs.
    private static func isURLByte(_ byte: UInt8) -> Bool {
        0x21...0x7E ~= byte && !"\"<>\\^`{|}".utf8.contains(byte)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
        default: false
        }
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: ":"), UInt8(ascii: "."): true
        default: false
        }
    }
}
#endif
