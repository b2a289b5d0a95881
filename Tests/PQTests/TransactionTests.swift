#if Postgres
import PQ
import PostgresTestKit
import Synchronization
import Testing

@Suite("Transactions", .enabled(if: PostgresProcess.isAvailable)) struct TransactionTests {
    @Test(arguments: [true, false])
    func commitAndRollBack(preparing: Bool) async throws {
        try await withServer(connections: 1, change: { $0.preparesStatements = preparing }) { _, pool in
            try await pool.discard("CREATE TABLE a (n int)")
            let kept = try await pool.transaction { (transaction) throws(PQError) -> Int in
                _ = try await transaction.run("INSERT INTO a VALUES (1)")
                return try await transaction.run("SELECT count(*) FROM a").int(0, 0)
            }
            #expect(kept == 1)
            struct Reason: Error {}
            let own = await failure { () throws(PQError) in
                try await pool.transaction { (transaction) throws(PQError) in
                    let result = try await transaction.run("INSERT INTO a VALUES (2) RETURNING n")
                    _ = try result.text(0, 0)
                }
            }
            #expect(own?.code == .protocolViolation)
            // An error that the body hides still rolls back.
            let hidden = await failure { () throws(PQError) in
                try await pool.transaction { (transaction) throws(PQError) in
                    _ = try await transaction.run("INSERT INTO a VALUES (3)")
                    _ = try? await transaction.run("SELECT 1 / 0")
                }
            }
            #expect(hidden?.sqlState == "22012")
            #expect(try await pool.run("SELECT count(*) FROM a").int(0, 0) == 1)
            let escaped = Mutex<PQTransaction?>(nil)
            try await pool.transaction(isolation: .serializable) { (transaction) throws(PQError) in
                let level = try await transaction.run("SHOW transaction_isolation").text(0, 0)
                #expect(level == "serializable")
                escaped.withLock { $0 = transaction }
            }
            let late = await failure { () throws(PQError) in
                _ = try await escaped.withLock { $0 }?.run("SELECT 1")
            }
            #expect(late?.code == .closed)
            #expect(pool.counts.open == 1 && pool.counts.idle == 1)
        }
    }

    @Test func cancellationRollsBack() async throws {
        try await withServer { _, pool in
            try await pool.discard("CREATE TABLE a (n int)")
            for wait in ["SELECT pg_sleep(60)", nil] {
                let call = Task {
                    await failure { () throws(PQError) in
                        try await pool.transaction { (transaction) throws(PQError) in
                            _ = try await transaction.run("INSERT INTO a VALUES (1)")
                            if let wait {
                                _ = try await transaction.run(wait)
                            } else {
                                // The body goes on although it is cancelled.
                                try? await Task.sleep(for: .seconds(60))
                            }
                        }
                    }
                }
                if wait != nil { try await pool.waitForSleepers(1) }
                call.cancel()
                let error = await call.value
                #expect(error?.code == .cancelled && error?.mayHaveExecuted == false)
                #expect(try await pool.run("SELECT count(*) FROM a").int(0, 0) == 0)
            }
            #expect(pool.counts.open == pool.counts.idle)
        }
    }

    /// A trigger that runs at the commit and sleeps there lets us end the connection in the middle of a commit.
    @Test(arguments: [true, false])
    func nobodyKnowsWhatBecameOfACommit(isExplicit: Bool) async throws {
        try await withServer { _, pool in
            try await pool.discard("CREATE TABLE a (n int)")
            try await pool.discard(
                "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN PERFORM pg_sleep(60); "
                    + "RETURN NULL; END$$")
            try await pool.discard(
                "CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON a DEFERRABLE INITIALLY DEFERRED "
                    + "FOR EACH ROW EXECUTE FUNCTION slow()")
            let call = Task {
                await failure { () throws(PQError) in
                    if isExplicit {
                        try await pool.transaction { (transaction) throws(PQError) in
                            _ = try await transaction.run("INSERT INTO a VALUES (1)")
                        }
                    } else {
                        try await pool.discard("INSERT INTO a VALUES (1)")
                    }
                }
            }
            let sleeper = "wait_event = 'PgSleep' AND pid <> pg_backend_pid()"
            while try await pool.run("SELECT count(*) FROM pg_stat_activity WHERE \(sleeper)").int(0, 0) == 0 {}
            if isExplicit {
                // A commit is not cancelled: it would only be harder to know what happened.
                call.cancel()
            }
            try await pool.discard("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE \(sleeper)")
            let error = await call.value
            #expect(error?.mayHaveExecuted == true && error?.isRetryable == true, "\(String(describing: error))")
        }
    }

    @Test func aTransactionLeftOpenIsNotHandedOn() async throws {
        try await withServer(connections: 1) { _, pool in
            try await pool.discard("CREATE TABLE a (n int)")
            _ = try await pool.run([PQStatement("BEGIN"), PQStatement("INSERT INTO a VALUES (1)")])
            #expect(try await pool.run("SELECT count(*) FROM a").int(0, 0) == 0)
        }
    }
}
#endif
