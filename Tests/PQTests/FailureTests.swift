#if Postgres
import Foundation
import PQ
import PostgresTestKit
import SojournTestKit
import Testing

@Suite("Failures", .enabled(if: PostgresProcess.isAvailable)) struct FailureTests {
    @Test func aRestartIsSurvived() async throws {
        try await withServer { server, pool in
            try await pool.discard("CREATE TABLE a (n int)")
            let implicit = Task {
                await failure { () throws(PQError) in
                    _ = try await pool.run([
                        PQStatement("INSERT INTO a VALUES (1)"), PQStatement("SELECT pg_sleep(60)"),
                    ])
                }
            }
            let explicit = Task {
                await failure { () throws(PQError) in
                    try await pool.transaction { (transaction) throws(PQError) in
                        _ = try await transaction.run("SELECT pg_sleep(60)")
                    }
                }
            }
            try await pool.waitForSleepers(2)
            try await server.kill()
            let first = await implicit.value
            #expect(first?.isRetryable == true, "\(String(describing: first))")
            // A FATAL before the last result is proof that nothing was committed; without it, nobody knows.
            #expect(first?.mayHaveExecuted == (first?.sqlState == nil), "\(String(describing: first))")
            let second = await explicit.value
            #expect(second?.isRetryable == true && second?.mayHaveExecuted == false)
            async let waiting = pool.run("SELECT count(*) FROM a")
            try await server.startAgain()
            #expect(try await waiting.int(0, 0) == 0)
            // The others of the pool are new as well.
            for _ in 0..<10 { try await pool.discard("SELECT 1") }
        }
    }

    @Test func nobodyThere() async throws {
        try await withServer(change: { $0.connectTimeout = .milliseconds(500) }) { server, pool in
            try await pool.discard("SELECT 1")
            try await server.kill()
            let clock = ContinuousClock()
            let time = await clock.measure {
                let error = await failure { () throws(PQError) in try await pool.discard("SELECT 1") }
                #expect(error?.code == .unavailable && error?.mayHaveExecuted == false, "\(String(describing: error))")
            }
            #expect(time < .seconds(3))
            #expect(pool.counts.open == 0)
        }
    }

    /// The kernel keeps a frozen server's connections alive, so nothing but our own patience ends the waiting.
    @Test(.timeLimit(.minutes(1)))
    func aFrozenServer() async throws {
        let change: (inout PQConfiguration) -> Void = {
            $0.statementTimeout = .milliseconds(100)
            $0.connectTimeout = .milliseconds(500)
        }
        try await withServer(connections: 3, change: change) { server, pool in
            try await pool.discard("SELECT 1")
            try await server.freeze()
            let calls = (0..<40).map { _ in
                Task { await failure { () throws(PQError) in try await pool.discard("SELECT 1") } }
            }
            try await Task.sleep(for: .milliseconds(50))
            for call in calls.dropFirst() { call.cancel() }
            for call in calls.dropFirst() {
                let error = await call.value
                #expect(error?.code == .cancelled || error?.code == .timeout, "\(String(describing: error))")
            }
            let first = await calls[0].value
            #expect(first?.code == .timeout, "\(String(describing: first))")
            let late = await failure { () throws(PQError) in try await pool.discard("SELECT 1") }
            #expect(late?.code == .timeout && late?.mayHaveExecuted == false, "\(String(describing: late))")
            #expect(pool.counts.open == 0 && pool.counts.waiting == 0)
            server.thaw()
            try await Task.sleep(for: .milliseconds(100))
            try await pool.discard("SELECT 1")
        }
    }

    @Test func terminatedDuringACall() async throws {
        try await withServer { _, pool in
            let call = Task { await failure { () throws(PQError) in try await pool.discard("SELECT pg_sleep(60)") } }
            try await pool.waitForSleepers(1)
            let kill =
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                + "WHERE pid <> pg_backend_pid() AND query LIKE '%pg_sleep(60)%'"
            try await pool.discard(kill)
            let error = await call.value
            #expect(error?.sqlState == "57P01" && error?.code == .unavailable && error?.mayHaveExecuted == false)
            #expect(try await pool.run("SELECT 1").int(0, 0) == 1)
            #expect(pool.counts.open == pool.counts.idle)
        }
    }

    @Test func terminatedWhileIdle() async throws {
        try await withServer { server, pool in
            for _ in 0..<20 {
                try await pool.discard("SELECT 1")
                try await server.psql(
                    "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE application_name = 'sojourn'")
                try await pool.discard("SELECT 1")
            }
        }
    }

    /// Connections that come and go at once, each hung up by the server: what watches one socket must not touch what
    /// watches another.
    @Test(.timeLimit(.minutes(1)))
    func connectionsComeAndGoAtOnce() async throws {
        try await withServer { server, _ in
            let (url, before) = (server.socketURL, Self.descriptors)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<16 {
                    group.addTask {
                        for _ in 0..<20 {
                            let pool = try PQPool(PQConfiguration(url: url, maxConnections: 2), logger: .silent)
                            async let other = pool.run("SELECT 1")
                            let error = await failure { () throws(PQError) in
                                try await pool.discard("SELECT pg_terminate_backend(pg_backend_pid())")
                            }
                            #expect(error?.isRetryable == true, "\(String(describing: error))")
                            #expect(try await other.int(0, 0) == 1)
                            await pool.close()
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await eventually("nothing of them is left") { Self.descriptors <= before }
        }
    }

    /// How many descriptors this process has; a thread of a connection closes three as it ends. 0 where nobody knows.
    private static var descriptors: Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd"))?.count ?? 0
    }

    @Test func closingEndsCalls() async throws {
        try await withServer(connections: 1) { _, pool in
            let call = Task { await failure { () throws(PQError) in try await pool.discard("SELECT pg_sleep(60)") } }
            while pool.counts.idle != 0 || pool.counts.open != 1 { await Task.yield() }
            let other = Task { await failure { () throws(PQError) in try await pool.discard("SELECT 1") } }
            while pool.counts.waiting != 1 { await Task.yield() }
            await pool.close()
            #expect(await call.value?.code == .closed)
            #expect(await other.value?.code == .closed)
            #expect(await failure { () throws(PQError) in try await pool.discard("SELECT 1") }?.code == .closed)
        }
    }

    @Test func passwords() async throws {
        let server = try await PostgresProcess.start(authentication: "scram-sha-256")
        do {
            try await server.psql("CREATE ROLE bob LOGIN PASSWORD 'right horse'")
            let url = server.url(user: "bob", password: "right%20horse")
            let good = try PQPool(PQConfiguration(url: url), logger: .silent)
            #expect(try await good.run("SELECT current_user").text(0, 0) == "bob")
            #expect(good.place == "127.0.0.1:\(server.port)/postgres")
            await good.close()
            for password in ["bob", "battery", nil] {
                let url = server.url(user: "bob", password: password)
                let bad = try PQPool(PQConfiguration(url: url), logger: .silent)
                let error = await failure { () throws(PQError) in try await bad.discard("SELECT 1") }
                #expect(error?.code == .authentication, "\(String(describing: error))")
                #expect(password == nil || error?.sqlState == "28P01")
                if let password { #expect("\(String(describing: error))".contains(password) == false) }
                await bad.close()
            }
            let absent = try PQPool(
                PQConfiguration(url: server.url(user: "bob", password: "right%20horse", database: "no")),
                logger: .silent)
            #expect(await failure { () throws(PQError) in try await absent.discard("SELECT 1") }?.sqlState == "3D000")
            let port = PQConfiguration(url: "postgres://bob:secret@127.0.0.1:x:y/a")
            let odd = try PQPool(port, logger: .silent)
            #expect(await failure { () throws(PQError) in try await odd.discard("SELECT 1") }?.code == .invalidAddress)
            let socket = try PQPool(PQConfiguration(url: server.socketURL + " sslmode=disable"), logger: .silent)
            #expect(try await socket.run("SELECT 1").int(0, 0) == 1)
            await socket.close()
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }
}

@Suite("Addresses") struct AddressTests {
    @Test(arguments: [
        ("postgres://a:secret@db.example/x?sslmode=disable", false),
        ("postgresql://a:secret@127.evil.example/x?sslmode=disable", false),
        ("host=localhost hostaddr=10.0.0.1 sslmode=disable password=secret", false),
        ("postgres://a:secret@localhost,db.example/x?sslmode=disable", false),
        ("postgres://a:secret@[::1/", false), ("password='secret", false), ("", false), ("secret", false),
        ("postgres://a:secret@db.example/x", true), ("postgres://a:secret@[::1]:5433/x?sslmode=disable", true),
        ("host=/tmp sslmode=disable password=secret", true),
    ])
    func safety(url: String, isGood: Bool) async {
        let error = await failure { () throws(PQError) in
            let pool = try PQPool(PQConfiguration(url: url), logger: .silent)
            #expect(!pool.place.contains("secret"))
        }
        #expect((error == nil) == isGood)
        #expect(error == nil || error?.code == .invalidAddress)
        #expect(error?.message.contains("secret") != true)
    }
}
#endif
