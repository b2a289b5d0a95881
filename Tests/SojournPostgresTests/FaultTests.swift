#if Postgres
import Foundation
import PostgresTestKit
import SojournCore
import SojournModel
import SojournTestKit
import Testing

/// Rounds of each fault: few by default, as many as `SOJOURN_FAULT_ROUNDS` says on demand.
private let rounds = ProcessInfo.processInfo.environment["SOJOURN_FAULT_ROUNDS"].flatMap { Int($0) } ?? 3

@Suite("Postgres in trouble under load", .needsPostgres, .timeLimit(.minutes(30))) struct FaultTests {
    @Test("a server that is killed and comes back loses nothing, and work goes on within five seconds")
    func killed() async throws {
        try await PostgresStage.with(["fsync = on", "full_page_writes = on"]) { stage in
            try await stage.run(lease: .seconds(2)) {
                for round in 1...rounds {
                    try await underLoad(stage) { try await stage.server.restart() }
                    try await goesOn(stage, "after kill \(round)")
                }
                try await stage.allEnd(within: .seconds(20), "after all kills")
            }
            try await everyTaskEnded(stage)
        }
    }

    @Test("sessions that the server ends are replaced, and every task runs to its end")
    func terminated() async throws {
        try await PostgresStage.with { stage in
            try await stage.run(lease: .seconds(2)) {
                try await underLoad(stage) {
                    for _ in 0..<(5 * rounds) {
                        _ = try await stage.server.psql(
                            """
                            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                            WHERE application_name = 'sojourn'
                            """)
                        try await Task.sleep(for: .milliseconds(50))
                    }
                }
                try await goesOn(stage, "after the sessions were ended")
                try await stage.allEnd(within: .seconds(20), "after all terminations")
            }
            try await everyTaskEnded(stage)
        }
    }

    @Test("a transaction that is held open does not slow claims down for long")
    func pinned() async throws {
        try await PostgresStage.with { stage in
            try await stage.run {
                for _ in 0..<200 { _ = await stage.produce() }
                try await stage.allEnd(within: .seconds(20), "before")
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        _ = try await stage.server.psql(
                            "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM sojourn.task; "
                                + "SELECT pg_sleep(5); COMMIT")
                    }
                    for _ in 0..<1_000 { _ = await stage.produce() }
                    try await stage.allEnd(within: .seconds(20), "beside a long transaction")
                    try await group.waitForAll()
                }
            }
            #expect(stage.starts.values.allSatisfy { $0 == 1 })
        }
    }

    /// Produces from four callers while `fault` happens.
    private func underLoad(_ stage: PostgresStage, _ fault: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    while !Task.isCancelled {
                        if await !stage.produce() { try? await Task.sleep(for: .milliseconds(10)) }
                    }
                }
            }
            try await Task.sleep(for: .milliseconds(200))
            try await fault()
            try await Task.sleep(for: .milliseconds(200))
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    /// A task that comes now starts within five seconds.
    private func goesOn(_ stage: PostgresStage, _ when: String) async throws {
        let before = stage.starts.count
        try await eventually("tasks are taken and started \(when)", within: .seconds(5)) {
            _ = await stage.produce()
            return stage.starts.count > before
        }
    }

    /// Every accepted task ran and is on record as succeeded. One may have run twice: leases are not on the disk before
    /// their tasks are finished, and a server that is killed forgets those of the last moment.
    private func everyTaskEnded(_ stage: PostgresStage) async throws {
        for id in stage.accepted {
            let record = try #require(try await stage.queue.store.task(id))
            #expect(record.status == .succeeded)
            #expect(stage.starts[id] ?? 0 >= 1)
        }
    }
}
#endif
