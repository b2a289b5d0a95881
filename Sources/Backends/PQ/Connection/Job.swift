#if Postgres
/// What one trip to the server carries, and what its failure means.
struct Job: Sendable {
    enum Kind: Sendable {
        /// Statements that the final sync commits.
        case implicit
        /// Statements of a transaction that only a later COMMIT commits.
        case inTransaction
        /// COMMIT.
        case commit
        /// Nothing that anybody could miss: ROLLBACK, LISTEN.
        case harmless
    }

    var kind: Kind
    var statements: [EncodedStatement]
    /// How many results at the beginning are not the caller's.
    var prologue = 0
    /// False keeps no prepared statements on the connection.
    var preparing: Bool
    /// When the answer must be here; the server has its own limits, which come first.
    var patience: Duration
}

/// One result that is expected.
enum Step: Sendable {
    case prepare(EncodedStatement.Key, name: String)
    case execute
}
#endif
