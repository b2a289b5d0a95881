#if Postgres
import CLibPQ

/// What the server says in an error: read from the result that carries it.
struct ServerError: Sendable {
    /// The session goes on after an ERROR; FATAL and PANIC end it.
    let isFatal: Bool
    let error: PQError

    /// Nil if the words are libpq's own: then the connection is gone, and nobody knows what the server did.
    init?(_ result: OpaquePointer, wasCancelled: Bool) {
        func field(_ letter: Unicode.Scalar) -> String? {
            PQresultErrorField(result, Int32(letter.value)).map { String(cString: $0) }
        }
        guard let state = field("C"), state.utf8.count == 5 else { return nil }
        let message = field("M") ?? "The server refused the statement."
        isFatal = field("V").map { $0 != "ERROR" } ?? false
        var code = PQError.Code(sqlState: state)
        if state == "57014" {
            // The server has one SQLSTATE for a timeout, for our own cancellation and for that of an administrator.
            if wasCancelled { code = .cancelled } else if message.contains("user request") { code = .rejected }
        }
        // A wrong number of parameters stays wrong. As a FATAL it is how PgBouncer says that it has no server.
        if state == "08P01", !isFatal { code = .protocolViolation }
        let isStale = state == "26000" || (state == "0A000" && field("R") == "RevalidateCachedQuery")
        error = PQError(code, message, sqlState: state, constraint: field("n"), lostStatement: isStale)
    }
}
#endif
