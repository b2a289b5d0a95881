#if Postgres
import Logging
import PQ
import PostgresTestKit
import Testing

/// Gives `body` a server of its own and a pool on it, and ends both.
func withServer(
    isEncrypted: Bool = false, connections: Int = 5,
    change: (inout PQConfiguration) -> Void = { _ in },
    _ body: (PostgresProcess, PQPool) async throws -> Void
) async throws {
    let server = try await PostgresProcess.start(isEncrypted: isEncrypted)
    var configuration = PQConfiguration(url: server.url(), maxConnections: connections)
    change(&configuration)
    do {
        let pool = try PQPool(configuration, logger: .silent)
        do { try await body(server, pool) } catch {
            await pool.close()
            throw error
        }
        await pool.close()
    } catch {
        await server.stop()
        throw error
    }
    await server.stop()
}

extension Logger {
    static var silent: Logger { Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }) }
}

/// The error of a call that must fail.
func failure(_ body: () async throws(PQError) -> Void) async -> PQError? {
    do {
        try await body()
        return nil
    } catch { return error }
}

extension PQPool {
    func discard(_ sql: String, _ parameters: [PQValue] = []) async throws(PQError) {
        _ = try await run(sql, parameters)
    }

    /// Waits until the server has `count` sessions that wait in `pg_sleep`, or in a lock.
    func waitForSleepers(_ count: Int, like text: String = "%pg_sleep(60)%") async throws {
        for _ in 0..<500 {
            let sql =
                "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE $1 "
                + "AND pid <> pg_backend_pid()"
            if try await run(sql, [.text(text)]).int(0, 0) >= count { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("nobody sleeps")
    }
}
#endif
