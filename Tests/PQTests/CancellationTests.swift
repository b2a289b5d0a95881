#if Postgres
import PQ
import PostgresTestKit
import Testing

@Suite("Cancellation", .enabled(if: PostgresProcess.isAvailable)) struct CancellationTests {
    @Test func theServerStopsToo() async throws {
        try await withServer { _, pool in
            let call = Task { await failure { () throws(PQError) in try await pool.discard("SELECT pg_sleep(60)") } }
            try await pool.waitForSleepers(1)
            call.cancel()
            let error = await call.value
            #expect(error?.code == .cancelled && error?.mayHaveExecuted == false && error?.sqlState == "57014")
            #expect(pool.counts.open == pool.counts.idle)
        }
    }

    @Test func thoseInLineLeave() async throws {
        try await withServer(connections: 1) { _, pool in
            let first = Task { await failure { () throws(PQError) in try await pool.discard("SELECT pg_sleep(60)") } }
            while pool.counts.idle != 0 || pool.counts.open != 1 { await Task.yield() }
            let others = (0..<50).map { _ in
                Task { await failure { () throws(PQError) in try await pool.discard("SELECT 1") } }
            }
            while pool.counts.waiting != 50 { await Task.yield() }
            for other in others { other.cancel() }
            for other in others { #expect(await other.value?.code == .cancelled) }
            #expect(pool.counts.waiting == 0)
            first.cancel()
            #expect(await first.value?.code == .cancelled)
            try await pool.discard("SELECT 1")
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aStorm() async throws {
        try await withServer { server, pool in
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<1_000 {
                    group.addTask {
                        await withTaskGroup(of: Void.self) { inner in
                            inner.addTask {
                                let result = try? await pool.run("SELECT $1, pg_sleep(0.01)", [.int8(Int64(number))])
                                if let result { #expect((try? result.int(0, 0)) == number) }
                            }
                            if number % 3 != 0 { try? await Task.sleep(for: .microseconds(number * 3)) }
                            inner.cancelAll()
                        }
                    }
                }
            }
            let counts = pool.counts
            #expect(counts.open == counts.idle && counts.open <= 5 && counts.waiting == 0)
            for number in 0..<50 {
                #expect(try await pool.run("SELECT $1", [.int4(Int32(number))]).int(0, 0) == number)
            }
            let sleeping = try await server.psql(
                "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT $1, pg_sleep%'")
            #expect(sleeping == "0")
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: [true, false])
    func workThatMustBeDoneIsDoneThoughItsCallerIsStopped(opensFirst: Bool) async throws {
        try await withServer(connections: 1) { _, pool in
            if !opensFirst { _ = try await pool.run("SELECT 1") }
            let value = await withTaskGroup(of: Result<Int, PQError>.self) { group in
                group.cancelAll()
                group.addTask {
                    do throws(PQError) {
                        let slow = PQStatement("SELECT 7 FROM pg_sleep(0.2)")
                        return .success(try await pool.run([slow], isCancellable: false)[0].int(0, 0))
                    } catch {
                        return .failure(error)
                    }
                }
                return await group.next()
            }
            #expect(try value?.get() == 7)
            #expect(pool.counts.open == pool.counts.idle)
        }
    }
}
#endif
