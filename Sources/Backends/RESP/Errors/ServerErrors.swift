#if Redis
extension RESPError {
    /// The class of an error that the server sent.
    init(serverMessage message: String) {
        let kind = Kind(serverMessage: message)
        // A script that fails in its middle keeps what it wrote before; Redis 7 then names the script.
        let isMidScript = message.contains(" script: ") || message.contains("user_script")
        self.init(kind, message, mayHaveExecuted: isMidScript && kind != .noScript)
    }
}

extension RESPError.Kind {
    /// The first word decides. Behind `ERR` a proxy or a script may have hidden the word that matters.
    fileprivate init(serverMessage message: String) {
        let words = message.split(separator: " ", maxSplits: 2)
        let code = words.first.map(String.init) ?? ""
        if let kind = Self.codes[code] {
            self = kind
        } else if code == "ERR", words.count > 1, let kind = Self.codes[String(words[1])] {
            self = kind
        } else if message.hasPrefix("ERR max number of clients") {
            self = .tooManyConnections
        } else if message.hasPrefix("ERR invalid password") {
            self = .authentication
        } else if let hidden = Self.codes.first(where: { message.contains(" -\($0.key) ") }) {
            self = hidden.value
        } else {
            self = .server
        }
    }

    private static let codes: [String: RESPError.Kind] = [
        "WRONGPASS": .authentication, "NOAUTH": .authentication, "NOPERM": .permission, "DENIED": .permission,
        "READONLY": .readOnly,
        "LOADING": .loading, "BUSY": .busy, "OOM": .outOfMemory, "NOSCRIPT": .noScript, "MISCONF": .misconfigured,
        "MASTERDOWN": .unreplicated, "NOREPLICAS": .unreplicated, "MOVED": .moved, "ASK": .ask, "TRYAGAIN": .tryAgain,
        "CLUSTERDOWN": .clusterDown, "CROSSSLOT": .crossSlot,
    ]
}

/// `MOVED 3999 127.0.0.1:6381`: where a slot lives now, or is going to.
struct Redirection: Equatable {
    let slot: HashSlot
    /// Nil: the host that was asked.
    let host: String?
    let port: Int

    /// Nil if `error` is no redirection that can be followed.
    init?(_ error: RESPError) {
        guard error.kind == .moved || error.kind == .ask else { return nil }
        let words = error.message.split(separator: " ")
        guard words.count >= 3, let slot = Int(words[1]).flatMap({ HashSlot(index: $0) }) else { return nil }
        guard let colon = words[2].lastIndex(of: ":") else { return nil }
        guard let port = Int(words[2][words[2].index(after: colon)...]), (1...65_535).contains(port) else { return nil }
        let host = words[2][..<colon]
        self.slot = slot
        self.host = host.isEmpty ? nil : String(host)
        self.port = port
    }
}
#endif
