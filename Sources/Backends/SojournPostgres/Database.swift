#if Postgres
import PQ
import SojournCore
import SojournModel

/// The database as the operations see it: results or a ``BackendError``.
struct Database: Sendable {
    /// How often a transaction that got into another one's way is tried again.
    private static let tries = 5

    let pool: PQPool
    /// Where notices are heard; nil where no connection keeps its session.
    let listening: PQPool?
    let schema: String
    let sql: SQLTexts
    /// Who decides about instants in the place of the database: a test.
    let clock: (any TimeSource)?

    init(_ pool: PQPool, listening: PQPool?, schema: String, clock: (any TimeSource)?) {
        self.pool = pool
        self.listening = listening
        self.schema = schema
        self.clock = clock
        sql = SQLTexts(schema: schema)
    }

    /// What statements are told about the time: NULL, so that the database's own clock decides.
    var now: PQValue { clock.map { .int8($0.now().microseconds) } ?? .null(.int8) }

    /// Runs one statement.
    func run(
        _ text: String, _ parameters: [PQValue] = [], isCancellable: Bool = false
    ) async throws(BackendError) -> PQResult {
        let results = try await run([PQStatement(text, parameters)], isCancellable: isCancellable)
        guard let result = results.first else { throw .unreadable("nothing") }
        return result
    }

    /// Runs statements as one transaction. One that got into another's way is tried again. Cancellation does not stop
    /// it, unless wanted: each is short, and a worker that is stopped must still write its reports.
    func run(
        _ statements: [PQStatement], isCancellable: Bool = false
    ) async throws(BackendError) -> [PQResult] {
        var random = SystemRandomNumberGenerator()
        for attempt in 1... {
            do throws(PQError) {
                return try await pool.run(statements, isCancellable: isCancellable)
            } catch {
                let isCollision = error.code == .serialization || error.code == .deadlock
                guard isCollision, attempt < Self.tries else { throw BackendError(error) }
                let pause = Duration.milliseconds(Int.random(in: 1...(5 << attempt), using: &random))
                try? await SystemTime().sleep(for: pause)
            }
        }
        throw .unreadable("nothing")
    }

    /// Reads a result; one of another form than the statement has means that the schema is not ours.
    func read<Value>(_ body: () throws(PQError) -> Value) throws(BackendError) -> Value {
        do throws(PQError) { return try body() } catch { throw BackendError(error) }
    }
}

extension BackendError {
    /// What a refusal or a lost connection means to those who do not know Postgres.
    init(_ error: PQError) {
        switch error.sqlState {
        case "SJ001": self = BackendError(.throttled, error.message, cause: error)
        case "42P01", "42883", "3F000", "42703":
            self = BackendError(
                .rejected,
                "The schema of Sojourn is missing in this database, or another version's: "
                    + "run `sojourn migrate --postgres URL`.", cause: error)
        default: self = BackendError(Code(error), "Postgres: \(error.message)", cause: error)
        }
    }

    /// An answer that no version of the statements gives.
    static func unreadable(_ what: String) -> BackendError {
        BackendError(.corrupted, "Postgres answered \(what) in a form that is not known.")
    }
}

extension BackendError.Code {
    init(_ error: PQError) {
        switch error.code {
        case .unavailable, .serialization, .deadlock, .readOnly, .cancelled: self = .unavailable
        case .connectionLost, .timeout: self = error.mayHaveExecuted ? .timeout : .unavailable
        case .full: self = .full
        case .closed: self = .closed
        case .protocolViolation: self = .corrupted
        case .authentication, .invalidAddress, .invalidValue, .uniqueViolation, .constraintViolation, .rejected:
            self = .rejected
        }
    }
}
#endif
