#if Postgres
import PostgresTestKit
import SojournCore
import SojournModel
import SojournTestKit
import Testing

/// What seldom happens by itself is made to happen, by the server's own means.
@Suite("Postgres with faults injected", .needsPostgres, .timeLimit(.minutes(10))) struct InjectedTests {
    @Test("transactions that get into each other's way are tried again, and each task runs once")
    func collisions() async throws {
        try await PostgresStage.with { stage in
            try await stage.server.psql(
                """
                CREATE SEQUENCE collided;
                CREATE FUNCTION collide() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    IF random() < 0.2 THEN
                        PERFORM nextval('collided');
                        RAISE 'injected' USING ERRCODE =
                            CASE WHEN random() < 0.5 THEN 'serialization_failure' ELSE 'deadlock_detected' END;
                    END IF;
                    RETURN NULL;
                END $$;
                CREATE TRIGGER collide AFTER INSERT OR DELETE ON sojourn.waiting EXECUTE FUNCTION collide();
                CREATE TRIGGER collide AFTER INSERT ON sojourn.ended EXECUTE FUNCTION collide();
                """)
            try await stage.run {
                try await stage.underLoad { try await Task.sleep(for: .seconds(faultRounds / 3)) }
                try await stage.allEnd(within: .seconds(20), "in spite of collisions")
            }
            let collided = Int(try await stage.server.psql("SELECT last_value FROM collided")) ?? 0
            #expect(collided > 20)
            try await stage.everyTaskEnded()
            #expect(stage.starts.values.allSatisfy { $0 == 1 })
        }
    }

    /// With a standby that never answers, a commit is on the disk and its session waits; ending it there is a
    /// connection that is lost during COMMIT.
    @Test("a connection that is lost during COMMIT loses nothing and doubles nothing")
    func lostInCommit() async throws {
        try await PostgresStage.with { stage in
            try await stage.run(lease: .seconds(2)) {
                try await stage.underLoad {
                    try await replicate(stage, to: "nobody")
                    var ended = 0
                    try await eventually("commits are interrupted", within: .seconds(60)) {
                        let count = try await stage.server.psql(
                            """
                            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                            WHERE application_name = 'sojourn' AND wait_event = 'SyncRep'
                            """)
                        ended += Int(count) ?? 0
                        return ended >= 10 * faultRounds
                    }
                    try await replicate(stage, to: "")
                }
                try await stage.goesOn("after the commits were interrupted")
                try await eventually("all tasks end, also those whose callers do not know", within: .seconds(20)) {
                    let depths = try await stage.queue.backend.depths()
                    return depths.allSatisfy { depth in depth.counts.allSatisfy { $0.key.isFinal || $0.value == 0 } }
                }
            }
            #expect(stage.refusals.contains(.timeout), "nobody knew whether the commit had happened")
            #expect(stage.starts.count > stage.accepted.count, "some were stored whose callers do not know it")
            try await stage.everyTaskEnded()
            #expect(stage.starts.values.allSatisfy { $0 == 1 })
        }
    }

    @Test(
        "a full disk refuses and loses nothing",
        .enabled(if: PostgresProcess.canHaveDisk, "there is no mounting a small disk here"))
    func fullDisk() async throws {
        try await PostgresStage.with(["max_wal_size = '32MB'", "wal_keep_size = 0"], onDiskOf: 160) { stage in
            try await stage.run(lease: .seconds(2)) {
                try await stage.underLoad {
                    try await stage.server.fillDisk()
                    try await eventually("a task is refused", within: .seconds(60)) { !stage.refusals.isEmpty }
                    try await Task.sleep(for: .seconds(1))
                    try stage.server.emptyDisk()
                    // A disk that is full under the log ends the server.
                    if !stage.server.isRunning { try await stage.server.restart() }
                }
                try await stage.goesOn("after the disk was full")
                try await stage.allEnd(within: .seconds(20), "after the disk was full")
            }
            try await stage.everyTaskEnded()
        }
    }

    private func replicate(_ stage: PostgresStage, to standby: String) async throws {
        try await stage.server.psql("ALTER SYSTEM SET synchronous_standby_names = '\(standby)'")
        try await stage.server.psql("SELECT pg_reload_conf()")
    }
}
#endif
