#if Postgres
import Foundation
import PostgresTestKit
import SojournTestKit
import Testing

extension EndToEnd {
    @Suite("On Postgres", .enabled(if: PostgresProcess.isAvailable, "Postgres is not installed"))
    struct PostgresTests {
        /// Runs `body` with a site and a Postgres of its own, which has the schema unless told otherwise.
        private func withPostgres(
            migrated: Bool = true, _ body: (Site, PostgresProcess) async throws -> Void
        ) async throws {
            let postgres = try await PostgresProcess.start()
            let result: Result<Void, any Error>
            do {
                try await Site.with(environment: ["POSTGRES_URL": postgres.url(), "RETRY_BASE_MS": "10"]) { site in
                    if migrated {
                        let migrate = try await site.run(["migrate"])
                        #expect(migrate.status == .exit(0), "\(migrate)")
                    }
                    try await body(site, postgres)
                }
                result = .success(())
            } catch {
                result = .failure(error)
            }
            await postgres.stop()
            try result.get()
        }

        @Test func aDatabaseWithoutTheSchemaIsRefused() async throws {
            try await withPostgres(migrated: false) { site, _ in
                for arguments in [["serve", "--port", "0"], ["worker"], ["tasks", "list"]] {
                    let refused = try await site.run(arguments)
                    #expect(refused.status == .exit(1), "\(arguments)")
                    #expect(refused.errors.contains("sojourn migrate --postgres URL"), "\(refused.errors)")
                }
                let before = try await site.run(["migrate", "--status"])
                #expect(before.output.contains("applied  none") && before.output.contains("pending  1"))
                let after = try await site.run(["migrate"])
                #expect(after.output.contains("pending  none"))
                try await site.withServer { server in
                    let answer = try await server.wire.enqueue(#"{"type":"noop"}"#)
                    #expect(answer.status == "queued")
                }
            }
        }

        @Test func serversAndWorkersShareTheTasks() async throws {
            try await withPostgres { site, postgres in
                try await site.withServer(["--concurrency", "0"]) { server in
                    let id = try await server.wire.enqueue(#"{"type":"flaky","payload":{"attempts":1}}"#).taskId
                    let own = try await postgres.psql("SELECT sojourn.enqueue('noop', '1'::bytea)")
                    try await site.withWorker(["--name", "direct"]) { worker in
                        let done = try await server.wire.task(id, reaching: "succeeded")
                        #expect(done.attempts.map(\.worker) == ["direct", "direct"])
                        _ = try await server.wire.task(own, reaching: "succeeded")
                        let row = try await postgres.psql(
                            "SELECT type, priority, status, attempts, payload FROM sojourn.tasks WHERE id = '\(id)'")
                        #expect(row == #"flaky|default|succeeded|2|{"attempts":1}"#)
                        let attempts = try await postgres.psql(
                            "SELECT number, worker, outcome FROM sojourn.attempts WHERE task = '\(id)' ORDER BY 1")
                        #expect(attempts == "1|direct|failed\n2|direct|succeeded")
                        #expect(worker.output.contains("127.0.0.1:\(postgres.port)"))
                    }
                    #expect(!server.program.output.contains("postgres://"), "the address is not repeated")
                }
                let list = try await site.command(["tasks", "list"])
                #expect(list.split(separator: "\n").count == 3)
            }
        }

        @Test func aServerGoesOnWhenPostgresComesBack() async throws {
            try await withPostgres { site, postgres in
                try await site.withServer { server in
                    _ = try await server.wire.enqueue(#"{"type":"noop"}"#)
                    try await postgres.restart()
                    let id = try await eventually("a task is accepted again") {
                        try? await server.wire.enqueue(#"{"type":"noop"}"#).taskId
                    }
                    _ = try await server.wire.task(id, reaching: "succeeded")
                }
            }
        }
    }
}
#endif
