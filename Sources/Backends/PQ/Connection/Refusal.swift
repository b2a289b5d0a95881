#if Postgres
/// Why there is no connection, read from libpq's long words: the SQLSTATE of a refusal is nowhere else.
struct Refusal: Equatable {
    var sqlState: String?
    var message: String

    init(_ words: String) {
        message = "There is no connection."
        // Each address that was tried has its lines; the last one that says something counts.
        for line in words.split(whereSeparator: \.isNewline) where !line.hasPrefix("LOCATION:") {
            let line = line.drop { $0 == " " || $0 == "\t" }
            if let (before, state, after) = Self.parts(of: line) {
                sqlState = state
                message = before + ": " + after
            } else if sqlState == nil, !line.hasPrefix("Is the server running") {
                message = String(line)
            }
        }
    }

    /// `… FATAL:  28P01: password authentication failed` without the number. The word FATAL may be in any language.
    private static func parts(of line: Substring) -> (before: String, state: String, after: String)? {
        guard let colon = line.firstRange(of: ":  ") else { return nil }
        let rest = line[colon.upperBound...]
        let state = rest.prefix(5)
        let isState =
            state.utf8.count == 5
            && state.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) }
        guard isState, rest.dropFirst(5).hasPrefix(": ") else { return nil }
        return (String(line[..<colon.lowerBound]), String(state), String(rest.dropFirst(7)))
    }

    func error(at address: Address) -> PQError {
        let message = address.withoutSecrets(message)
        if let sqlState { return PQError(PQError.Code(sqlState: sqlState), message, sqlState: sqlState) }
        if message.hasPrefix("invalid ") { return PQError(.invalidAddress, message) }
        return PQError(Self.isAboutLogin(message) ? .authentication : .unavailable, message)
    }

    /// libpq's own words for a login that cannot work, whatever the server does next.
    private static func isAboutLogin(_ message: String) -> Bool {
        ["no password supplied", "SCRAM", "authentication method", "does not support SSL", "certificate"]
            .contains { message.contains($0) }
    }
}
#endif
