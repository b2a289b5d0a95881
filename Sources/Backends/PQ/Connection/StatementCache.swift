#if Postgres
/// The statements that one connection has prepared, and their names on the server.
struct StatementCache {
    /// Past that many statements the texts are surely made up by the caller, and nothing more is kept.
    static let limit = 512

    private var names: [EncodedStatement.Key: String] = [:]
    private var counter = 0

    var isFull: Bool { names.count >= Self.limit }

    func name(of key: EncodedStatement.Key) -> String? { names[key] }

    /// A name that this connection never had, so that no statement of the server's memory is in the way.
    mutating func newName() -> String {
        counter += 1
        return "sojourn\(counter)"
    }

    mutating func keep(_ key: EncodedStatement.Key, as name: String) { names[key] = name }

    mutating func clear() { names.removeAll() }
}
#endif
