#if Postgres
/// One SQL statement with its parameters, which the text calls `$1`, `$2` and so on.
///
/// The text should be one of few: every connection prepares it once and keeps it. Values belong into parameters.
public struct PQStatement: Sendable, Hashable {
    /// The text.
    public var sql: String
    /// The values for `$1` and so on.
    public var parameters: [PQValue]

    /// Makes a statement; nothing is checked before it runs.
    public init(_ sql: String, _ parameters: [PQValue] = []) {
        self.sql = sql
        self.parameters = parameters
    }
}
#endif
