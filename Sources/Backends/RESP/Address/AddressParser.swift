#if Redis
extension RedisAddress {
    /// Reads one of the forms in the table of ``RedisAddress``.
    ///
    /// - Throws: ``RESPError/Kind/invalidAddress`` with a sentence that names the part. It never repeats the address,
    ///   because a password may be in it.
    public init(parsing text: String) throws(RESPError) {
        var parser = AddressParser()
        self = try parser.parse(text)
    }
}

/// Takes an address apart, from the outside in.
private struct AddressParser {
    private var options: [String: String] = [:]

    mutating func parse(_ text: String) throws(RESPError) -> RedisAddress {
        let (scheme, rest) = split(text, at: "://") ?? ("redis", text[...])
        let (main, query) = split(rest, at: "?") ?? (rest, "")
        options = try readOptions(query)
        let (login, place) = splitLast(main, at: "@") ?? ("", main)
        let arrangement = try arrangement(of: scheme.lowercased(), place)
        var address = RedisAddress(arrangement.topology, database: try database(arrangement.database))
        try logIn(&address, login)
        if scheme.lowercased().hasPrefix("rediss") { address.tls = try tls() }
        if case .cluster = address.topology, address.database != 0 {
            throw invalid("A Redis cluster has only the database 0.")
        }
        if case .sentinel = address.topology {
            address.sentinelUser = options.removeValue(forKey: "sentinel_user")
            address.sentinelPassword = options.removeValue(forKey: "sentinel_password")
        }
        guard let unknown = options.keys.sorted().first else { return address }
        throw invalid("The Redis address has an option \"\(unknown)\" that does not exist or does not belong to it.")
    }

    private mutating func arrangement(
        of scheme: String, _ place: Substring
    ) throws(RESPError) -> (topology: RedisAddress.Topology, database: String?) {
        if scheme == "unix" {
            guard place.hasPrefix("/") else { throw invalid("The path of the Redis socket must begin with a slash.") }
            let path = try decoded(place, "path")
            return (.single(.socket(path: path)), options.removeValue(forKey: "db"))
        }
        let (hosts, path) = split(place, at: "/") ?? (place, "")
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        switch scheme {
        case "redis", "rediss":
            guard parts.count <= 1 else { throw invalid("The path of the Redis address must be a database number.") }
            let list = try endpoints(hosts, port: 6379)
            guard list.count == 1 else { throw invalid("A redis:// address has one host; see redis+cluster://.") }
            return (.single(list[0]), path.isEmpty ? options.removeValue(forKey: "db") : parts.first)
        case "redis+sentinel", "rediss+sentinel":
            guard let name = parts.first, !name.isEmpty, parts.count <= 2 else {
                throw invalid("A Sentinel address ends with the master's name: redis+sentinel://host:26379/name.")
            }
            let master = try decoded(name[...], "master's name")
            return (.sentinel(try endpoints(hosts, port: 26_379), master: master), parts.dropFirst().first)
        case "redis+cluster", "rediss+cluster":
            guard parts.count <= 1 else { throw invalid("A Redis cluster's address has no path.") }
            return (.cluster(try endpoints(hosts, port: 6379)), parts.first)
        default:
            throw invalid(
                "The Redis address must begin with redis://, rediss://, unix://, redis+sentinel:// or redis+cluster://."
            )
        }
    }

    private func logIn(_ address: inout RedisAddress, _ login: Substring) throws(RESPError) {
        guard !login.isEmpty else { return }
        let (user, password) = split(login, at: ":") ?? (login, nil)
        address.user = user.isEmpty ? nil : try decoded(user, "user")
        if let password { address.password = try decoded(password, "password") }
        guard address.user == nil || address.password != nil else {
            throw invalid("The Redis address has a user without a password: redis://user:password@host.")
        }
    }

    private func database(_ text: String?) throws(RESPError) -> Int {
        guard let text, !text.isEmpty else { return 0 }
        guard let number = Int(text), (0...65_535).contains(number) else {
            throw invalid("The Redis database must be a number from 0 to 65535.")
        }
        return number
    }

    private mutating func tls() throws(RESPError) -> RedisAddress.TLS {
        let insecure = options.removeValue(forKey: "insecure") ?? "false"
        guard ["true", "false"].contains(insecure) else {
            throw invalid("The option insecure of the Redis address must be true or false.")
        }
        let tls = RedisAddress.TLS(
            authorityFile: options.removeValue(forKey: "ca"), serverName: options.removeValue(forKey: "server_name"),
            certificateFile: options.removeValue(forKey: "cert"), keyFile: options.removeValue(forKey: "key"),
            isInsecure: insecure == "true")
        guard (tls.certificateFile == nil) == (tls.keyFile == nil) else {
            throw invalid("The options cert and key of the Redis address belong together.")
        }
        return tls
    }

    private func readOptions(_ query: Substring) throws(RESPError) -> [String: String] {
        var options: [String: String] = [:]
        for option in query.split(separator: "&") {
            let (name, value) = split(option, at: "=") ?? (option, "")
            options[String(name)] = try decoded(value, "option")
        }
        return options
    }
}

// MARK: Hosts and characters

extension AddressParser {
    private func endpoints(_ hosts: Substring, port: Int) throws(RESPError) -> [RedisEndpoint] {
        var endpoints: [RedisEndpoint] = []
        for host in hosts.split(separator: ",", omittingEmptySubsequences: false) {
            endpoints.append(try endpoint(host, port: port))
        }
        return endpoints
    }

    private func endpoint(_ text: Substring, port standard: Int) throws(RESPError) -> RedisEndpoint {
        let (host, port) = try hostAndPort(text)
        guard !host.isEmpty else { throw invalid("The Redis address has no host.") }
        guard let port else { return .host(try decoded(host, "host"), port: standard) }
        guard let number = Int(port), (1...65_535).contains(number) else {
            throw invalid("The port of the Redis address must be a number from 1 to 65535.")
        }
        return .host(try decoded(host, "host"), port: number)
    }

    private func hostAndPort(_ text: Substring) throws(RESPError) -> (Substring, Substring?) {
        guard text.hasPrefix("[") else { return split(text, at: ":") ?? (text, nil) }
        guard let (host, rest) = split(text.dropFirst(), at: "]"), rest.isEmpty || rest.hasPrefix(":") else {
            throw invalid("An IPv6 address of Redis stands in brackets: [::1]:6379.")
        }
        return (host, rest.isEmpty ? nil : rest.dropFirst())
    }

    private func decoded(_ text: Substring, _ part: String) throws(RESPError) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, let value = UInt8(String(Substring(digits)), radix: 16) else {
                throw invalid("The \(part) of the Redis address has a % without two hexadecimal digits behind it.")
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func split(_ text: some StringProtocol, at mark: String) -> (Substring, Substring)? {
        let text = Substring(text)
        guard let range = text.firstRange(of: mark) else { return nil }
        return (text[..<range.lowerBound], text[range.upperBound...])
    }

    private func splitLast(_ text: Substring, at mark: Character) -> (Substring, Substring)? {
        guard let index = text.lastIndex(of: mark) else { return nil }
        return (text[..<index], text[text.index(after: index)...])
    }

    private func invalid(_ message: String) -> RESPError { RESPError(.invalidAddress, message) }
}
#endif
