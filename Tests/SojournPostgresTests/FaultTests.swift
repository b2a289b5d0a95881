#if Postgres
import Foundation
import PostgresTestKit
import SojournCore
import SojournModel
import SojournTestKit
import Testing

/// Rounds of each fault: few by default, as many as `SOJOURN_FAULT_ROUNDS` says on demand.
let faultRounds = ProcessInfo.processInfo.environment["SOJOURN_FAULT_ROUNDS"].flatMap { Int($0) } ?? 3

@Suite("Postgres in trouble under load", .needsPostgres, .timeLimit(.minutes(30))) struct FaultTests {
    @Test("a server that is killed and comes back loses nothing, and work goes on within five seconds")
    func killed() async throws {
        try await PostgresStage.with(["fsync = on", "full_page_writes = on"]) { stage in
            try await stage.run(lease: .seconds(2)) {
                for round in 1...faultRounds {
                    try await stage.underLoad { try await stage.server.restart() }
                    try await stage.goesOn("after kill \(round)")
                }
                try await stage.allEnd(within: .seconds(20), "after all kills")
            }
            try await stage.everyTaskEnded()
        }
    }

    @Test("sessions that the server ends are replaced, and every task runs to its end")
    func terminated() async throws {
        try await PostgresStage.with { stage in
            try await stage.run(lease: .seconds(2)) {
                try await stage.underLoad {
                    var ended = 0
                    while ended < 20 * faultRounds {
                        let count = try await stage.server.psql(
                            """
                            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                            WHERE application_name = 'sojourn'
                            """)
                        ended += Int(count) ?? 0
                        try await Task.sleep(for: .milliseconds(50))
                    }
                }
                try await stage.goesOn("after the sessions were ended")
                try await stage.allEnd(within: .seconds(20), "after all terminations")
            }
            try await stage.everyTaskEnded()
        }
    }

    /// Rows that were deleted stay in the way of claims while a transaction can still see them.
    @Test("a transaction that is held open does not slow claims down")
    func pinned() async throws {
        let (seconds, limit) = faultRounds < 50 ? (5, Duration.milliseconds(250)) : (120, .milliseconds(50))
        try await PostgresStage.with { stage in
            try await stage.run {
                for _ in 0..<200 { _ = await stage.produce() }
                try await stage.allEnd(within: .seconds(20), "before")
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        _ = try await stage.server.psql(
                            "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM sojourn.task; "
                                + "SELECT pg_sleep(\(seconds)); COMMIT")
                    }
                    let start = ContinuousClock.now
                    // 500 a second, five at once.
                    for tick in 0..<(100 * seconds) {
                        try await Task.sleep(until: start + .milliseconds(10 * tick), clock: .continuous)
                        await withTaskGroup { five in
                            for _ in 0..<5 { five.addTask { _ = await stage.produce() } }
                        }
                    }
                    try await stage.allEnd(within: .seconds(20), "beside a long transaction")
                    try await group.waitForAll()
                }
            }
            let waits = stage.waits.sorted()
            let p99 = try #require(waits.dropFirst(waits.count * 99 / 100).first)
            #expect(p99 <= limit, "p99 of \(waits.count) waits")
            #expect(stage.starts.values.allSatisfy { $0 == 1 })
        }
    }
}
#endif
