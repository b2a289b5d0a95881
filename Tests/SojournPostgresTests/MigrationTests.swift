#if Postgres
import PQ
import PostgresTestKit
import SojournCore
import SojournPostgres
import SojournTestKit
import Testing

@Suite("Postgres migrations", .needsPostgres) struct MigrationTests {
    private func withConnection(
        _ schema: String, _ body: (PostgresConnection) async throws -> Void
    ) async throws {
        let connection = try PostgresConnection(
            try await OnePostgres.url(), schema: schema, connections: 2, logger: .silent)
        let result: Result<Void, any Error>
        do { result = .success(try await body(connection)) } catch { result = .failure(error) }
        await connection.close()
        try result.get()
    }

    @Test func aDatabaseWithoutTheSchemaIsRefusedInOneSentence() async throws {
        try await withConnection(OnePostgres.schema()) { connection in
            let status = try await connection.migrations.status()
            #expect(status == .init(applied: [], pending: [1], isNewer: false))
            do throws(BackendError) {
                try await connection.migrations.check()
                Issue.record("a server must not start without its schema")
            } catch {
                #expect(error.code == .rejected && error.message.contains("sojourn migrate"))
            }
            do throws(BackendError) {
                _ = try await connection.queue.depths()
                Issue.record("there is nothing to count")
            } catch {
                #expect(error.code == .rejected && error.message.contains("sojourn migrate"))
            }
        }
    }

    @Test func twiceIsOnceAlsoAtOnce() async throws {
        let schema = OnePostgres.schema()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<6 {
                group.addTask { try await withConnection(schema) { try await $0.migrations.apply() } }
            }
            try await group.waitForAll()
        }
        try await withConnection(schema) { connection in
            try await connection.migrations.apply()
            let status = try await connection.migrations.status()
            #expect(status == .init(applied: [1], pending: [], isNewer: false))
            try await connection.migrations.check()
            let depths = try await connection.queue.depths()
            #expect(depths == [])
        }
    }

    private static let next = """
        BEGIN;
        ALTER TABLE sojourn.task ADD COLUMN group_name text;
        ALTER TABLE sojourn.waiting ADD COLUMN weight integer NOT NULL DEFAULT 1;
        ALTER TABLE sojourn.leased ADD COLUMN weight integer NOT NULL DEFAULT 1;
        ALTER TABLE sojourn.ended ADD COLUMN weight integer NOT NULL DEFAULT 1;
        CREATE INDEX ended_lane ON sojourn.ended (lane);
        INSERT INTO sojourn.migration (number) VALUES (2);
        COMMIT
        """

    /// A migration adds columns with defaults, tables and indexes, and leaves functions their parameters and columns
    /// (`docs/postgres.md`), so that processes of the version before go on until they are replaced.
    @Test func theVersionBeforeGoesOnThroughAMigration() async throws {
        try await PostgresStage.with { stage in
            try await stage.run {
                try await stage.underLoad {
                    // `sojourn migrate` too tries again where it and a statement wait for each other.
                    try await eventually("the migration is applied") {
                        (try? await stage.server.psql(Self.next)) != nil
                    }
                    try await Task.sleep(for: .milliseconds(500))
                }
                try await stage.allEnd(within: .seconds(20), "after the migration")
            }
            #expect(stage.refusals.isEmpty, "nobody noticed")
            #expect(stage.starts.values.allSatisfy { $0 == 1 })
            let isNewer = try await stage.connection.migrations.status().isNewer
            #expect(isNewer, "and no process of the version before starts any more")
        }
    }

    @Test func aNewerSchemaIsRefused() async throws {
        let schema = OnePostgres.schema()
        try await withConnection(schema) { connection in
            try await connection.migrations.apply()
            let pool = try PQPool(PQConfiguration(url: try await OnePostgres.url(), maxConnections: 1), logger: .silent)
            _ = try await pool.run("INSERT INTO \(schema).migration (number) VALUES (99)")
            await pool.close()
            let isNewer = try await connection.migrations.status().isNewer
            #expect(isNewer)
            await #expect(throws: BackendError.self) { try await connection.migrations.check() }
            await #expect(throws: BackendError.self) { try await connection.migrations.apply() }
        }
    }
}
#endif
