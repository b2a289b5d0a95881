#if Postgres
import CLibPQ

/// A server's address, read once: what libpq is given, and what may be shown.
struct Address: Sendable {
    /// libpq's words and their values.
    let options: [String: String]
    /// `host:port/database`, for logs and messages.
    let place: String

    init(_ configuration: PQConfiguration) throws(PQError) {
        guard let given = Self.parse(configuration.url) else {
            // libpq's own words may quote a part of the password, so they are not repeated.
            throw PQError(
                .invalidAddress,
                "The Postgres address cannot be read; write postgres://user:password@host:port/database.")
        }
        if given["sslmode"] == "disable", !Self.isLocal(given) {
            throw PQError(
                .invalidAddress,
                "sslmode=disable would send everything in the clear; only a server on this machine "
                    + "may be reached that way.")
        }
        place = Self.place(given)
        options = Self.completed(given, configuration)
    }

    /// What the address says by itself; nil if it is not valid.
    private static func parse(_ url: String) -> [String: String]? {
        // An empty address would be valid, and a password with NUL would be cut short.
        guard !url.isEmpty, !url.utf8.contains(0) else { return nil }
        var words: UnsafeMutablePointer<CChar>?
        let list = PQconninfoParse(url, &words)
        if let words { PQfreemem(words) }
        guard let list else { return nil }
        defer { PQconninfoFree(list) }
        var given: [String: String] = [:]
        var next = list
        while let keyword = next.pointee.keyword {
            if let value = next.pointee.val { given[String(cString: keyword)] = String(cString: value) }
            next += 1
        }
        return given
    }

    private static func completed(_ given: [String: String], _ configuration: PQConfiguration) -> [String: String] {
        var options = [
            "application_name": configuration.applicationName, "keepalives": "1", "keepalives_idle": "15",
            "keepalives_interval": "5", "keepalives_count": "3", "tcp_user_timeout": "30000",
            // Kerberos' own encryption would cost every connection a question, and hardly any server has it.
            "gssencmode": "disable",
        ]
        options.merge(given) { $1 }
        options["client_encoding"] = "UTF8"
        if configuration.preparesStatements {
            let limits = configuration.limits.map { "-c \($0.name)=\($0.milliseconds)" }.joined(separator: " ")
            // The later word wins on the server, so the address can say otherwise.
            options["options"] = given["options"].map { "\(limits) \($0)" } ?? limits
        }
        return options
    }

    private static func isLocal(_ given: [String: String]) -> Bool {
        // `hostaddr` is where libpq goes if both are given. No host at all is the socket in the default folder.
        let hosts = given["hostaddr"] ?? given["host"] ?? ""
        return hosts.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { host in
            host.isEmpty || host.hasPrefix("/") || host.hasPrefix("@") || host == "localhost" || host == "::1"
                || isLoopback(host)
        }
    }

    /// `127.x.y.z` in four numbers: `127.evil.example` is a name like any other.
    private static func isLoopback(_ host: Substring) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    private static func place(_ given: [String: String]) -> String {
        let hosts = (given["host"] ?? given["hostaddr"] ?? "localhost").split(separator: ",")
        let ports = (given["port"] ?? "5432").split(separator: ",")
        let places = hosts.enumerated().map { index, host in
            let port = ports.isEmpty ? "5432" : ports[min(index, ports.count - 1)]
            return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
        return places.joined(separator: ",") + "/" + (given["dbname"] ?? given["user"] ?? "")
    }

    /// The words without the password, should anything have put it there.
    func withoutSecrets(_ words: String) -> String {
        var words = words
        for key in ["password", "sslpassword"] {
            guard let secret = options[key], !secret.isEmpty else { continue }
            words = words.split(separator: secret, omittingEmptySubsequences: false).joined(separator: "***")
        }
        return words
    }
}
#endif
