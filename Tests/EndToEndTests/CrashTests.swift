import Foundation
import SojournTestKit
import Synchronization
import Testing

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

extension EndToEnd {
    /// The promise that everything else rests on: what was accepted is not lost, and not done again once it is done.
    @Suite("Crashes") struct CrashTests {
        /// SOJOURN_KILL_ROUNDS sets the number of rounds.
        static let rounds = ProcessInfo.processInfo.environment["SOJOURN_KILL_ROUNDS"].flatMap { Int($0) } ?? 12
        static let clients = 6

        @Test(.timeLimit(.minutes(30))) func killedAgainAndAgainNothingIsLost() async throws {
            let seed = UInt64.random(in: .min ... .max)
            var random = SplitMix64(seed: seed)
            let environment = ["WORKER_POOL": "8", "RETRY_BASE_MS": "50", "RETRY_JITTER_MS": "50"]
            try await Site.with(environment: environment) { site in
                let ledger = Ledger()
                var starts: [Duration] = []
                for _ in 0..<Self.rounds {
                    let server = try await site.start()
                    starts.append(server.startTime)
                    let life = Duration.milliseconds(Int.random(in: 100...600, using: &random))
                    try await round(server, ledger, life, seed: random.next())
                }
                try await site.withServer { server in
                    starts.append(server.startTime)
                    let client = CrashClient(wire: server.wire, ledger: ledger) { false }
                    #expect(await client.finish())
                    try await settle(server)
                    try await check(ledger, server, seed: seed)
                }
                report(ledger, starts, seed: seed)
                #expect(starts.allSatisfy { $0 < .seconds(5) }, "\(starts)")
            }
        }

        /// A disk that takes no more: the server ends instead of refusing everything for ever, because only opening
        /// the files anew can tell what they hold; whoever supervises it starts it again.
        @Test func aServerWhoseDiskFailsEndsAndNothingIsLost() async throws {
            try await Site.with { site in
                let server = try await site.start(["--concurrency", "0"], prelude: "trap '' XFSZ; ulimit -f 8192")
                let payload = String(repeating: "x", count: 100_000)
                var accepted: [String] = []
                while let task = try? await server.wire.enqueue(#"{"type":"noop","payload":"\#(payload)"}"#) {
                    accepted.append(task.taskId)
                }
                #expect(try await server.program.wait(within: .seconds(10)) == .exit(1))
                #expect(server.program.errors.contains("The disk of the data folder failed"))
                #expect(accepted.count > 10 && accepted.count < 1_000)
                try await site.withServer { server in
                    for id in accepted { _ = try await server.wire.task(id, reaching: "succeeded") }
                }
            }
        }

        /// Clients enqueue while the server lives, and are in the middle of it when it dies.
        private func round(_ server: RunningServer, _ ledger: Ledger, _ life: Duration, seed: UInt64) async throws {
            let isOver = Flag()
            await withTaskGroup(of: Void.self) { group in
                for index in 0..<Self.clients {
                    let client = CrashClient(wire: server.wire, ledger: ledger) { isOver.isSet }
                    group.addTask { await client.run(seed: seed &+ UInt64(index)) }
                }
                // Not a wait for something to happen: the moment of the crash is the random input of the test.
                try? await Task.sleep(for: life)
                server.program.send(SIGKILL)
                isOver.set()
            }
            #expect(try await server.program.wait() == .signal(SIGKILL))
        }

        private func settle(_ server: RunningServer) async throws {
            _ = try await eventually("every task is over", within: .seconds(300)) {
                try await server.wire.stats().alive == 0 ? true : nil
            }
        }

        private func check(_ ledger: Ledger, _ server: RunningServer, seed: UInt64) async throws {
            let entries = ledger.accepted
            #expect(entries.count > Self.rounds, "seed \(seed)")
            for entry in entries { try await check(entry, server, seed: seed) }

            for (key, ids) in ledger.idsOfKeys { #expect(ids.count == 1, "\(key) stands for \(ids); seed \(seed)") }
            let byTag = try await allTasks(server).reduce(into: [String: Int]()) { counts, task in
                for tag in task.tags { counts[tag, default: 0] += 1 }
            }
            for (key, count) in byTag { #expect(count == 1, "\(count) tasks have \(key); seed \(seed)") }
            for key in ledger.idsOfKeys.keys { #expect(byTag[key] == 1, "no task has \(key); seed \(seed)") }
        }

        private func check(_ entry: Ledger.Entry, _ server: RunningServer, seed: UInt64) async throws {
            let answer = try await server.wire.get("/tasks/\(entry.id)")
            guard answer.status == 200 else {
                Issue.record("\(entry.id) was accepted and is lost: \(answer.status); seed \(seed)")
                return
            }
            let task = try answer.decode(TaskBody.self)
            let outcomes = task.attempts.map { $0.outcome ?? "none" }
            #expect(task.finishedAt != nil)
            #expect(task.attempts.map(\.number) == Array(1...max(1, task.attempts.count)), "\(task); seed \(seed)")
            #expect(task.attempts.count == task.attempt, "\(task); seed \(seed)")
            // Three crashes under one task make it a poison pill; that needs the same bad luck three times.
            let isPoison = task.reason == "poison" && outcomes.filter { $0 == "lease_expired" }.count == 3
            let expected = entry.kind == .alwaysFail || isPoison ? "dead" : "succeeded"
            #expect(task.status == expected, "\(task); seed \(seed)")
            let successes = outcomes.indices.filter { outcomes[$0] == "succeeded" }
            #expect(successes == (expected == "succeeded" ? [outcomes.count - 1] : []), "\(task); seed \(seed)")
        }

        private func allTasks(_ server: RunningServer) async throws -> [TaskBody] {
            var tasks: [TaskBody] = []
            var cursor: String?
            repeat {
                let path = "/tasks?limit=500" + (cursor.map { "&cursor=\($0)" } ?? "")
                let page: TaskPageBody = try await server.wire.get(path).decode()
                tasks += page.tasks
                cursor = page.cursor
            } while cursor != nil
            return tasks
        }

        private func report(_ ledger: Ledger, _ starts: [Duration], seed: UInt64) {
            let sorted = starts.map { Int($0 / .milliseconds(1)) }.sorted()
            print(
                """
                \(Self.rounds) kills: \(ledger.accepted.count) tasks accepted, \(ledger.failures) requests without an \
                answer, \(ledger.idsOfKeys.count) keys; start to ready in ms: median \(sorted[sorted.count / 2]), \
                max \(sorted[sorted.count - 1]); seed \(seed)
                """)
        }
    }
}

/// Something that many can see.
private final class Flag: Sendable {
    private let state = Atomic(false)
    var isSet: Bool { state.load(ordering: .acquiring) }
    func set() { state.store(true, ordering: .releasing) }
}
