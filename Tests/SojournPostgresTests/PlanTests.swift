#if Postgres
import Foundation
import Logging
import PostgresTestKit
import SojournCore
import SojournModel
import SojournPostgres
import Testing

/// What runs for every task reads by index, however many tasks there are. With `SOJOURN_PLANS` set to a file, the plans
/// are written there: `docs/postgres-plans.md` is made that way.
@Suite("Plans of the hot statements", .needsPostgres, .timeLimit(.minutes(3))) struct PlanTests {
    private static let waiting = 100_000
    private static let request = LeaseRequest(limit: 500, duration: .seconds(60), worker: "w")

    @Test func noHotStatementReadsAWholeTable() async throws {
        let settings = [
            "shared_preload_libraries = 'auto_explain'", "auto_explain.log_nested_statements = on",
            "auto_explain.log_analyze = on", "auto_explain.log_buffers = on", "auto_explain.log_timing = off",
            "log_line_prefix = ''",
        ]
        try await PostgresStage.with(settings) { stage in
            let queue = stage.connection.queue
            try await fill(queue)
            try await stage.server.psql("ANALYZE")
            try await stage.server.psql(
                "ALTER SYSTEM SET auto_explain.log_min_duration = 0")
            try await stage.server.psql("SELECT pg_reload_conf()")
            let chapters = try await explain(queue, stage.server)
            for chapter in chapters {
                #expect(!chapter.plans.isEmpty, "\(chapter.name)")
                for plan in chapter.plans {
                    for table in ["task", "waiting", "leased", "ended", "attempt", "idempotency_key"] {
                        #expect(!plan.contains("Seq Scan on \(table)"), "\(chapter.name):\n\(plan)")
                    }
                }
            }
            if let path = ProcessInfo.processInfo.environment["SOJOURN_PLANS"] {
                try page(chapters).write(toFile: path, atomically: true, encoding: .utf8)
            }
        }
    }

    /// 100,000 tasks wait, 20,000 have ended, 500 run, 500 come later.
    private func fill(_ queue: PostgresQueue) async throws {
        for _ in 0..<(Self.waiting / 1_000) { _ = try await queue.insert(tasks(1_000)) }
        for _ in 0..<40 { _ = try await finish(queue, try await queue.lease(Self.request)) }
        _ = try await queue.lease(Self.request)
        for _ in 0..<21 { _ = try await queue.insert(tasks(1_000)) }
        _ = try await queue.insert(tasks(500, delay: .seconds(3_600)))
    }

    /// Runs each operation once, and reads from the log what the server did.
    private func explain(_ queue: PostgresQueue, _ server: PostgresProcess) async throws -> [Chapter] {
        var chapters: [Chapter] = []
        func chapter<T>(_ name: String, _ body: () async throws -> T) async throws -> T {
            // Connections hear of the setting before their next statement; the second time nothing is new to them.
            let length = server.log.utf8.count
            let value = try await body()
            let log = String(decoding: Array(server.log.utf8.dropFirst(length)), as: UTF8.self)
            chapters.append(Chapter(name: name, plans: Chapter.plans(in: log)))
            return value
        }
        _ = try await queue.depths()
        _ = try await chapter("Enqueue 500 tasks") { try await queue.insert(tasks(500)) }
        _ = try await chapter("Enqueue a task with an idempotency key") {
            try await queue.insert(tasks(1, key: "order-4711"))
        }
        let grant = try await chapter("Claim 500 tasks") { try await queue.lease(Self.request) }
        _ = try await chapter("Extend their leases") {
            try await queue.extend(grant.deliveries.map(\.lease), by: .seconds(60))
        }
        _ = try await chapter("Finish them") { try await finish(queue, grant) }
        _ = try await chapter("Look for leases that ran out") { try await queue.expired(limit: 100) }
        _ = try await chapter("Make due tasks available") { try await queue.promote(limit: 100) }
        _ = try await chapter("Count what is where") { try await queue.depths() }
        return chapters
    }

    private func tasks(_ count: Int, delay: Duration = .zero, key: String? = nil) -> [NewTask] {
        var random = SystemRandomNumberGenerator()
        let now = SystemTime().now()
        return (0..<count).map { _ in
            NewTask(
                message: TaskMessage(
                    id: TaskID(at: now, random: &random), type: "test", payload: Array(repeating: 120, count: 100),
                    enqueuedAt: now, availableAt: now.advanced(by: delay)), idempotencyKey: key)
        }
    }

    private func finish(_ queue: PostgresQueue, _ grant: LeaseGrant) async throws -> [SettlementStatus] {
        let now = SystemTime().now()
        return try await queue.finish(
            grant.deliveries.map {
                AttemptResult(
                    report: AttemptReport(
                        delivery: $0, outcome: .succeeded(), startedAt: now, finishedAt: now, worker: "w"),
                    verdict: Verdict(status: .succeeded, disposition: .acknowledge, countsAttempt: true))
            })
    }

    private func page(_ chapters: [Chapter]) -> String {
        let head = """
            # What Postgres does

            `EXPLAIN (ANALYZE, BUFFERS)` of the hot statements, as `auto_explain` wrote them down in PostgreSQL 15 \
            with 100,000 tasks waiting, 20,000 ended and 500 running. Made by `PlanTests`, which also sees to it that \
            none of them reads a whole table.

            """
        return head
            + chapters.map { chapter in
                "\n## \(chapter.name)\n\n" + chapter.plans.map { "```\n\($0)\n```\n" }.joined(separator: "\n")
            }.joined()
    }

    /// An operation and the plans of its statements, the innermost first.
    private struct Chapter {
        let name: String
        let plans: [String]

        /// The plans that touch a table; the costs that the planner guessed are left out.
        static func plans(in log: String) -> [String] {
            log.components(separatedBy: "LOG:  duration: ").dropFirst().compactMap { entry -> String? in
                let lines = entry.split(separator: "\n").map(String.init)
                guard let start = lines.firstIndex(where: { $0.contains("(cost=") }) else { return nil }
                let plan = lines[start...].prefix { $0.hasPrefix("\t") }.map { line in
                    String(line.dropFirst()).replacing(#/\(cost=[^)]*\) /#, with: "")
                }
                let text = plan.joined(separator: "\n")
                let touches = [" on ", "Buffers"].allSatisfy(text.contains)
                return touches ? text : nil
            }
        }
    }
}
#endif
