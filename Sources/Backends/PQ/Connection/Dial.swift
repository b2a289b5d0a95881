#if Postgres
import CLibPQ
import Synchronization

/// One attempt to open a connection. It blocks its thread, because libpq resolves names that way and changes sockets
/// while it tries; ``run()`` therefore belongs on the connection's own thread.
final class Dial: Sendable {
    private let address: Address
    private let deadline: Moment
    private let isGivenUp = Mutex(false)

    init(_ address: Address, deadline: Moment) {
        self.address = address
        self.deadline = deadline
    }

    /// Nobody waits any more.
    func giveUp() { isGivenUp.withLock { $0 = true } }

    func run() -> Result<Handle, PQError> {
        guard let connection = start() else { return .failure(PQError(.unavailable, "There is no memory left.")) }
        // The SQLSTATE of a refusal is only in the long words.
        PQsetErrorVerbosity(connection, PQERRORS_VERBOSE)
        // By default libpq writes notices to the standard error.
        PQsetNoticeProcessor(connection, { _, _ in }, nil)
        let failure = wait(connection) ?? prepare(connection)
        if let failure {
            PQfinish(connection)
            return .failure(failure)
        }
        PQsetErrorVerbosity(connection, PQERRORS_DEFAULT)
        return .success(Handle(connection))
    }

    private func start() -> OpaquePointer? {
        let options = Array(address.options)
        return withCStrings(options.map(\.key)) { words in
            withCStrings(options.map(\.value)) { values in PQconnectStartParams(words, values, 0) }
        }
    }

    private func wait(_ connection: OpaquePointer) -> PQError? {
        guard PQstatus(connection) != CONNECTION_BAD else { return refusal(connection) }
        var isWriting = true
        while true {
            let now = Moment.now
            if now >= deadline { return .slow(address.place) }
            if isGivenUp.withLock({ $0 }) { return .cancelled }
            // In short slices, to notice that nobody waits any more.
            let slice = min(deadline.since(now), .milliseconds(50))
            guard Socket.wait(PQsocket(connection), forWriting: isWriting, for: slice) else { continue }
            switch PQconnectPoll(connection) {
            case PGRES_POLLING_OK: return nil
            case PGRES_POLLING_READING: isWriting = false
            case PGRES_POLLING_WRITING: isWriting = true
            default: return refusal(connection)
            }
        }
    }

    private func prepare(_ connection: OpaquePointer) -> PQError? {
        guard PQsetnonblocking(connection, 1) == 0, PQenterPipelineMode(connection) == 1 else {
            return PQError(.protocolViolation, "The connection to \(address.place) cannot be used in pipeline mode.")
        }
        return nil
    }

    private func refusal(_ connection: OpaquePointer) -> PQError {
        let words = PQerrorMessage(connection).map { String(cString: $0) } ?? ""
        return Refusal(words).error(at: address)
    }
}

extension PQError {
    static let cancelled = PQError(.cancelled, "The caller was cancelled.")
    static let closed = PQError(.closed, "The pool is closed.")
    static let noDescriptors = PQError(.unavailable, "The process may open nothing more.")

    static func slow(_ place: String) -> PQError {
        PQError(.timeout, "\(place) did not accept a connection in time.")
    }
}
#endif
