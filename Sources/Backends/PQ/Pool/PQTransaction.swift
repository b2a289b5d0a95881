#if Postgres
import Synchronization

/// A transaction under way: see ``PQPool/transaction(isolation:_:)``.
public final class PQTransaction: Sendable {
    private struct State {
        var hasBegun = false
        var isBusy = false
        var isOver = false
        /// After an error the server refuses everything but ROLLBACK.
        var failure: PQError?
    }

    private let pool: PQPool
    private let link: Link
    private let begin: EncodedStatement
    private let state = Mutex(State())

    init(_ pool: PQPool, _ link: Link, _ isolation: PQIsolation) throws(PQError) {
        self.pool = pool
        self.link = link
        begin = try EncodedStatement(PQStatement(isolation.begin))
    }

    /// Runs `statements` in one trip to the server. After an error the transaction can only end: each further call
    /// throws the same error.
    public func run(_ statements: [PQStatement]) async throws(PQError) -> [PQResult] {
        if Task.isCancelled { throw .cancelled }
        var encoded: [EncodedStatement] = []
        for statement in statements { encoded.append(try EncodedStatement(statement)) }
        guard !encoded.isEmpty else { return [] }
        let isFirst = try enter()
        do throws(PQError) {
            var job = try pool.job(.inTransaction, encoded, limited: isFirst)
            if isFirst {
                // BEGIN costs no trip of its own.
                job.statements.insert(begin, at: 0)
                job.prologue += 1
            }
            let results = try await pool.trip(job, on: link, mayRepeat: false)
            state.withLock { $0.isBusy = false }
            return results
        } catch {
            state.withLock { state in
                state.isBusy = false
                state.failure = error
            }
            throw error
        }
    }

    /// Runs one statement.
    public func run(_ sql: String, _ parameters: [PQValue] = []) async throws(PQError) -> PQResult {
        guard let result = try await run([PQStatement(sql, parameters)]).first else {
            throw PQError(.protocolViolation, "There is no result.")
        }
        return result
    }

    /// Whether this is the first call.
    private func enter() throws(PQError) -> Bool {
        let (isFirst, refusal) = state.withLock { state -> (Bool, PQError?) in
            if let failure = state.failure { return (false, failure) }
            if state.isOver { return (false, PQError(.closed, "The transaction is over.")) }
            if state.isBusy { return (false, PQError(.rejected, "A transaction takes one call at a time.")) }
            let isFirst = !state.hasBegun
            state.hasBegun = true
            state.isBusy = true
            return (isFirst, nil)
        }
        if let refusal { throw refusal }
        return isFirst
    }

    /// Commits; a transaction that failed or was never begun is left to ``rollBack()``.
    func commit() async throws(PQError) {
        let (hasBegun, failure) = state.withLock { ($0.hasBegun, $0.failure) }
        if let failure { throw failure }
        if Task.isCancelled { throw .cancelled }
        guard hasBegun else { return end() }
        let job = try pool.job(.commit, [EncodedStatement(PQStatement("COMMIT"))], limited: false)
        // Not to be cancelled: afterwards nobody would know what happened.
        guard let ending = await link.run(job, isCancellable: false) else {
            throw PQError(.connectionLost, "The connection was lost before the commit was sent.")
        }
        let results = try ending.get()
        end()
        guard results.first?.command == "COMMIT" else {
            throw PQError(.rejected, "The server rolled the transaction back.")
        }
    }

    /// Leaves the connection clean, or closes it.
    func rollBack() async {
        let mustRollBack = state.withLock { $0.hasBegun && !$0.isOver }
        end()
        guard mustRollBack, !link.isClean else { return }
        let statement = try? EncodedStatement(PQStatement("ROLLBACK"))
        guard let statement, var job = try? pool.job(.harmless, [statement], limited: false) else { return }
        job.patience = .seconds(5)
        // A connection that is still not clean is closed by the pool.
        _ = await link.run(job, isCancellable: false)
    }

    private func end() { state.withLock { $0.isOver = true } }
}

/// How much a transaction sees of others.
public enum PQIsolation: Sendable {
    /// Each statement sees what was committed before it.
    case readCommitted
    /// All statements see what was committed before the first.
    case repeatableRead
    /// As if transactions ran one after the other; some fail with ``PQError/Code/serialization``.
    case serializable

    var begin: String {
        switch self {
        case .readCommitted: "BEGIN ISOLATION LEVEL READ COMMITTED"
        case .repeatableRead: "BEGIN ISOLATION LEVEL REPEATABLE READ"
        case .serializable: "BEGIN ISOLATION LEVEL SERIALIZABLE"
        }
    }
}

extension PQPool {
    /// Runs `body` in a transaction on one connection and commits. It is rolled back if `body` throws, if one of its
    /// statements failed even though `body` caught the error, or if the caller was cancelled.
    ///
    /// The transaction begins with the first statement; a body without one costs nothing.
    public func transaction<T>(
        isolation: PQIsolation = .readCommitted, _ body: (PQTransaction) async throws(PQError) -> T
    ) async throws(PQError) -> T {
        let link = try await takeLink()
        defer { giveBack(link) }
        let transaction = try PQTransaction(self, link, isolation)
        do throws(PQError) {
            let value = try await body(transaction)
            try await transaction.commit()
            return value
        } catch {
            await transaction.rollBack()
            throw error
        }
    }
}
#endif
