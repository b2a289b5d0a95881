#if Postgres
import PQ
import PostgresTestKit
import Testing

@Suite("Calls", .enabled(if: PostgresProcess.isAvailable)) struct CallTests {
    @Test func errorsByState() async throws {
        try await withServer { _, pool in
            try await pool.discard("CREATE TABLE a (n int CONSTRAINT a_key PRIMARY KEY CHECK (n > 0))")
            try await pool.discard("INSERT INTO a VALUES (1)")
            let raise = "DO $$BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '%'; END$$"
            let table: [(String, PQError.Code, String)] = [
                ("INSERT INTO a VALUES (1)", .uniqueViolation, "23505"),
                ("INSERT INTO a VALUES (0)", .constraintViolation, "23514"),
                ("SELECT 1 / 0", .rejected, "22012"), ("SELEC", .rejected, "42601"),
                ("40001", .serialization, "40001"), ("40P01", .deadlock, "40P01"), ("53100", .full, "53100"),
                ("25006", .readOnly, "25006"), ("53300", .unavailable, "53300"), ("55P03", .timeout, "55P03"),
            ]
            for (sql, code, state) in table {
                let sql = sql.count == 5 && sql != "SELEC" ? raise.replacing("%", with: sql) : sql
                let error = await failure { () throws(PQError) in try await pool.discard(sql) }
                #expect(error?.code == code && error?.sqlState == state, "\(sql): \(String(describing: error))")
                #expect(error?.mayHaveExecuted == false)
            }
            let error = await failure { () throws(PQError) in try await pool.discard("INSERT INTO a VALUES (1)") }
            #expect(error?.constraint == "a_key" && error?.isRetryable == false)
            #expect(try await pool.run("SELECT count(*) FROM a").int(0, 0) == 1)
            #expect(pool.counts.open == 1 && pool.counts.idle == 1)
        }
    }

    @Test(arguments: [true, false])
    func aPipelineIsAtomic(preparing: Bool) async throws {
        try await withServer(change: { $0.preparesStatements = preparing }) { _, pool in
            try await pool.discard("CREATE TABLE a (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)")
            for bad in ["SELECT 1 / 0", "SELEC", "SELECT nothing"] {
                let error = await failure { () throws(PQError) in
                    _ = try await pool.run([
                        PQStatement("INSERT INTO a VALUES ($1)", [.int4(1)]), PQStatement(bad),
                        PQStatement("INSERT INTO a VALUES ($1)", [.int4(3)]),
                    ])
                }
                #expect(error?.code == .rejected)
                #expect(try await pool.run("SELECT count(*) FROM a").int(0, 0) == 0)
            }
            // This one fails only when the sync commits.
            let late = await failure { () throws(PQError) in
                _ = try await pool.run([
                    PQStatement("INSERT INTO a VALUES ($1)", [.int4(1)]),
                    PQStatement("INSERT INTO a VALUES ($1)", [.int4(1)]),
                ])
            }
            #expect(late?.code == .uniqueViolation && late?.mayHaveExecuted == false)
            let good = try await pool.run((1...3).map { PQStatement("INSERT INTO a VALUES ($1)", [.int4($0)]) })
            #expect(good.map(\.affected) == [1, 1, 1])
            #expect(try await pool.run("SELECT count(*) FROM a").int(0, 0) == 3)
            #expect(pool.counts.open == 1)
            let prepared = try await pool.run("SELECT count(*) FROM pg_prepared_statements").int(0, 0)
            #expect(preparing ? prepared > 0 : prepared == 0)
            let limit = try await pool.run("SELECT current_setting('lock_timeout')").text(0, 0)
            #expect(limit == "10s")
        }
    }

    @Test func lostStatementsArePreparedAgain() async throws {
        try await withServer(connections: 1) { _, pool in
            try await pool.discard("CREATE TABLE a (n int)")
            _ = try await pool.run("SELECT * FROM a")
            try await pool.discard("DEALLOCATE ALL")
            #expect(try await pool.run("SELECT * FROM a").columnCount == 1)
            try await pool.discard("ALTER TABLE a ADD m int")
            #expect(try await pool.run("SELECT * FROM a").columnCount == 2)
            try await pool.discard("DEALLOCATE ALL")
            let error = await failure { () throws(PQError) in
                try await pool.transaction { (transaction) throws(PQError) in
                    _ = try await transaction.run("SELECT * FROM a")
                }
            }
            #expect(error?.isRetryable == true && error?.mayHaveExecuted == false)
            #expect(try await pool.run("SELECT * FROM a").columnCount == 2)
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["COPY (SELECT 1) TO STDOUT", "COPY a FROM STDIN"])
    func copyIsRefused(sql: String) async throws {
        try await withServer(connections: 1) { _, pool in
            try await pool.discard("CREATE TABLE a (n int)")
            let error = await failure { () throws(PQError) in try await pool.discard(sql) }
            #expect(error?.code == .protocolViolation || error?.code == .connectionLost, "\(String(describing: error))")
            try await pool.discard("SELECT 1")
            #expect(pool.counts.open == 1)
        }
    }

    @Test func emptyAndOdd() async throws {
        try await withServer(connections: 1) { _, pool in
            try await pool.discard("")
            let none = try await pool.run([])
            #expect(none.isEmpty)
            let many = [PQValue](repeating: .int4(1), count: 65_536)
            let error = await failure { () throws(PQError) in try await pool.discard("SELECT 1", many) }
            #expect(error?.code == .invalidValue)
            let count = await failure { () throws(PQError) in try await pool.discard("SELECT $1 + $2", [.int4(1)]) }
            #expect(count?.code == .protocolViolation && count?.isRetryable == false)
            let nothing = try await pool.run("SELECT 1 WHERE false")
            #expect(nothing.rowCount == 0 && nothing.columnCount == 1 && nothing.columnName(0) == "?column?")
        }
    }

    @Test func endlessTextsDoNotFillTheServer() async throws {
        try await withServer(connections: 1) { _, pool in
            for number in 0..<600 {
                let result = try await pool.run("SELECT \(number)")
                #expect(try result.int(0, 0) == number)
            }
            let kept = try await pool.run("SELECT count(*) FROM pg_prepared_statements")
            #expect(try kept.int(0, 0) == 512)
        }
    }

    @Test func manyCallersOnFewConnections() async throws {
        try await withServer { _, pool in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let sql = "SELECT $1, pg_sleep(0.002)"
                        return try await pool.run(sql, [.int8(Int64(number))]).int(0, 0) == number
                    }
                }
                for try await isRight in group { #expect(isRight) }
            }
            let counts = pool.counts
            #expect(counts.open == 5 && counts.idle == 5 && counts.waiting == 0)
        }
    }

    @Test(arguments: [true, false])
    func timeouts(preparing: Bool) async throws {
        let change: (inout PQConfiguration) -> Void = {
            $0.statementTimeout = .milliseconds(200)
            $0.lockTimeout = .milliseconds(100)
            $0.preparesStatements = preparing
        }
        try await withServer(change: change) { _, pool in
            let slow = await failure { () throws(PQError) in try await pool.discard("SELECT pg_sleep(60)") }
            #expect(slow?.code == .timeout && slow?.sqlState == "57014" && slow?.mayHaveExecuted == false)
            try await pool.discard("CREATE TABLE a (n int)")
            let locked = await failure { () throws(PQError) in
                try await pool.transaction { (transaction) throws(PQError) in
                    _ = try await transaction.run("LOCK TABLE a")
                    try await pool.discard("SELECT * FROM a")
                }
            }
            #expect(locked?.code == .timeout && locked?.sqlState == "55P03")
            #expect(try await pool.run("SELECT 1").int(0, 0) == 1)
        }
    }
}
#endif
