#if Postgres
import PQ
import PostgresTestKit
import Testing

@Suite("Listening", .enabled(if: PostgresProcess.isAvailable)) struct ListenTests {
    @Test(.timeLimit(.minutes(1)))
    func notificationsArrive() async throws {
        try await withServer { server, pool in
            for round in 0..<2 {
                var events = try await pool.listen(["jobs", "odd \"name\""]).makeAsyncIterator()
                #expect(try await events.next() == .listening)
                try await pool.discard("SELECT pg_notify($1, $2)", [.text("jobs"), .text("round \(round)")])
                try await pool.discard("SELECT pg_notify($1, '')", [.text("odd \"name\"")])
                guard case .notification(let first) = try await events.next(),
                    case .notification(let second) = try await events.next()
                else {
                    Issue.record("something else came")
                    return
                }
                #expect(first.channel == "jobs" && first.payload == "round \(round)" && first.process != 0)
                #expect(second.channel == "odd \"name\"" && second.payload.isEmpty)
                try await server.psql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
                let error = await failure { () throws(PQError) in
                    while let event = try await events.next() { Issue.record("\(event)") }
                }
                #expect(error?.code == .connectionLost || error?.code == .unavailable)
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aCancelledListenerLeaves() async throws {
        try await withServer { server, pool in
            let (started, signal) = AsyncStream<Void>.makeStream()
            let listener = Task { () -> Bool in
                for try await event in try await pool.listen(["jobs"]) where event == .listening { signal.finish() }
                return true
            }
            for await _ in started {}
            listener.cancel()
            #expect(try await listener.value)
            for _ in 0..<200 {
                let count = try await server.psql("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
                if count == "0" { return }
            }
            Issue.record("the connection is still there")
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aBurstIsBounded() async throws {
        try await withServer { _, pool in
            var events = try await pool.listen(["jobs"]).makeAsyncIterator()
            #expect(try await events.next() == .listening)
            try await pool.discard("SELECT pg_notify('jobs', n::text) FROM generate_series(1, 3000) n")
            for number in 1...3000 {
                guard case .notification(let one) = try await events.next() else { break }
                #expect(one.payload == "\(number)")
            }
        }
    }
}
#endif
