#if Postgres
import PQ
public import SojournCore

/// Which migrations the schema of a database has had, and which it still needs.
public struct PostgresMigrations: Sendable {
    /// How far a database is.
    public struct Status: Sendable, Hashable {
        /// Those it has had, oldest first.
        public let applied: [Int]
        /// Those it still needs, in their order. All of them where there is no schema yet.
        public let pending: [Int]
        /// Whether it has had some that this version does not know.
        public let isNewer: Bool

        /// A status from its parts.
        public init(applied: [Int], pending: [Int], isNewer: Bool) {
            self.applied = applied
            self.pending = pending
            self.isNewer = isNewer
        }
    }

    private static let texts: [Int: String] = [1: Migration1.text]
    private let database: Database

    init(_ database: Database) { self.database = database }

    /// Looks, and changes nothing.
    public func status() async throws(BackendError) -> Status {
        let schema = database.schema
        let table = try await database.run("SELECT to_regclass($1::text) IS NOT NULL", [.text("\(schema).migration")])
        guard try database.read({ () throws(PQError) in try table.bool(0, 0) }) else { return Self.status([]) }
        let rows = try await database.run("SELECT number FROM \(schema).migration ORDER BY number")
        return try database.read {
            () throws(PQError) in
            var applied: [Int] = []
            for row in 0..<rows.rowCount { applied.append(try rows.int(row, 0)) }
            return Self.status(applied)
        }
    }

    private static func status(_ applied: [Int]) -> Status {
        let known = texts.keys.sorted()
        return Status(
            applied: applied, pending: known.filter { !applied.contains($0) },
            isNewer: applied.contains { !known.contains($0) })
    }

    /// Refuses a schema of another version with one sentence.
    public func check() async throws(BackendError) {
        let status = try await status()
        if status.isNewer {
            throw BackendError(
                .rejected, "The schema \(database.schema) was written by a newer version of Sojourn: use that one.")
        }
        guard status.pending.isEmpty else {
            throw BackendError(
                .rejected,
                "The schema \(database.schema) is \(status.applied.isEmpty ? "missing" : "of an older version"): "
                    + "run `sojourn migrate --postgres URL`.")
        }
    }

    /// Applies what is pending. Of several that do it at once, one does, and the others find it done.
    public func apply() async throws(BackendError) {
        let status = try await status()
        if status.isNewer { try await check() }
        for number in status.pending {
            guard let text = Self.texts[number] else { continue }
            _ = try await database.run(Self.block(number, text, schema: database.schema), [])
        }
    }

    /// One statement, because a schema is many and they travel singly: whoever waited for the lock looks first whether
    /// it is done.
    private static func block(_ number: Int, _ text: String, schema: String) -> String {
        let sql = text.replacing("{schema}", with: schema)
        return """
            DO $migration$
            BEGIN
                PERFORM pg_advisory_xact_lock(hashtextextended('sojourn migration \(schema)', 0));
                IF to_regclass('\(schema).migration') IS NOT NULL THEN
                    PERFORM FROM \(schema).migration WHERE number = \(number);
                    IF FOUND THEN RETURN; END IF;
                END IF;
                EXECUTE $text$\(sql)$text$;
            END
            $migration$
            """
    }
}
#endif
