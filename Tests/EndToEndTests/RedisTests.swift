import Foundation
import SojournTestKit
import Testing

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

extension EndToEnd {
    @Suite("On Redis", .needsRedis) struct RedisTests {
        /// What a command without a server knows of a task.
        private func task(_ id: String, _ site: Site, _ redis: RedisServer) async throws -> TaskBody {
            let json = try await site.command(["tasks", "show", id, "--json", "--redis", redis.url])
            return try Wire.Answer(status: 200, body: Data(json.utf8)).decode()
        }

        private func task(
            _ id: String, reaching status: String, _ site: Site, _ redis: RedisServer
        ) async throws -> TaskBody {
            try await eventually("\(id) is \(status)") {
                let task = try await task(id, site, redis)
                return task.status == status ? task : nil
            }
        }

        @Test func serversShareTheTasks() async throws {
            try await Site.withRedis(environment: ["RETRY_BASE_MS": "10", "RETRY_JITTER_MS": "0"]) { site, redis in
                try await site.withServer(["--redis", redis.url, "--concurrency", "0"]) { first in
                    let id = try await first.wire.enqueue(#"{"type":"flaky","payload":{"attempts":1}}"#).taskId
                    #expect(try await first.wire.task(id).status == "queued")
                    try await site.withServer(["--redis", redis.url]) { second in
                        #expect(second.program.output.contains(redis.url))
                        let done = try await first.wire.task(id, reaching: "succeeded")
                        #expect(done.attempts.map(\.outcome) == ["failed", "succeeded"])
                        #expect(try await second.wire.task(id).attempts.count == 2)
                    }
                    #expect(first.program.errors.contains("Set appendonly yes."))
                }
                let data = site.folder.appendingPathComponent("sojourn-data").path
                #expect(!FileManager.default.fileExists(atPath: data), "there is a data folder")
            }
        }

        @Test func workersAndCommandsNeedNoServer() async throws {
            try await Site.withRedis { site, redis in
                let site = Site(
                    folder: site.folder, environment: ["REDIS_ADDR": "127.0.0.1:\(redis.port)", "RETRY_BASE_MS": "10"])
                let produce = ["produce", "--queue", "mail", "--count"]
                #expect(try await site.command(produce + ["1500", "--burst"]).hasPrefix("1500 tasks enqueued in "))
                _ = try await site.command(produce + ["20", "--interval", "1ms"])
                let enqueue = ["enqueue", "--type", "flaky", "--payload", #"{"attempts":1}"#, "--idempotency-key", "k"]
                let id = try await site.command(enqueue)
                #expect(try await site.command(enqueue) == id)
                let later = try await site.command(["enqueue", "--type", "noop", "--delay", "1s"])
                #expect(try await task(later, site, redis).status == "scheduled")
                try await site.withWorker(["--name", "direct", "--concurrency", "4"]) { worker in
                    // Without a server, it is the worker that makes tasks available when they are due.
                    let done = try await task(id, reaching: "succeeded", site, redis)
                    #expect(done.attempts.map(\.worker) == ["direct", "direct"])
                    _ = try await task(later, reaching: "succeeded", site, redis)
                    _ = try await eventually("all tasks are over") {
                        try await site.command(["queues", "show", "mail"]).contains("1520") ? true : nil
                    }
                    #expect(worker.output.contains(redis.url))
                }
                let rows = try await site.command(["monitor", "--once"]).split(separator: "\n")
                #expect(rows.count == 3)
                // A promise is the business of a server, and here is none.
                #expect(rows[1].contains("–") && rows[1].hasPrefix("default"))
                #expect(
                    try await site.command(["tasks", "list", "--queue", "mail"]).split(separator: "\n").count == 51)
            }
        }

        @Test func aQueueIsPausedAndATaskCancelled() async throws {
            try await Site.withRedis { site, redis in
                let at = ["--redis", redis.url]
                #expect(try await site.command(["queues", "pause", "slow"] + at).contains("paused"))
                let id = try await site.command(["enqueue", "--type", "noop", "--queue", "slow"] + at)
                try await site.withWorker(at) { _ in
                    let other = try await site.command(["enqueue", "--type", "noop"] + at)
                    _ = try await task(other, reaching: "succeeded", site, redis)
                    #expect(try await task(id, site, redis).status == "queued")
                    #expect(try await site.command(["queues", "list"] + at).contains("paused"))
                    #expect(try await site.command(["tasks", "cancel", id] + at).contains("cancelled"))
                    _ = try await site.command(["queues", "resume", "slow"] + at)
                    #expect(try await task(id, site, redis).status == "cancelled")
                }
            }
        }

        @Test func deadLettersAreListedReplayedAndPurged() async throws {
            try await Site.withRedis { site, redis in
                let at = ["--redis", redis.url]
                try await site.withWorker(at) { _ in
                    var ids: [String] = []
                    for _ in 0..<3 {
                        ids.append(
                            try await site.command(["enqueue", "--type", "always_fail", "--max-retries", "0"] + at))
                    }
                    for id in ids { _ = try await task(id, reaching: "dead", site, redis) }
                    let list = try await site.command(["dlq", "list"] + at)
                    #expect(ids.allSatisfy { list.contains($0) } && list.contains("retries_exhausted"))
                    #expect(try await site.command(["dlq", "replay", ids[0]] + at) == "1 dead letter put back.")
                    // Each dies again at once; a replay is about those that were dead when it began.
                    let all = try await site.command(["dlq", "replay", "--rate", "1000"] + at)
                    #expect(["2 dead letters put back.", "3 dead letters put back."].contains(all))
                    for id in ids {
                        let attempts = try await eventually("\(id) died again") {
                            let task = try await task(id, site, redis)
                            return task.status == "dead" && task.attempts.count > 1 ? task.attempts : nil
                        }
                        #expect(attempts.allSatisfy { $0.outcome == "failed" })
                    }
                }
                #expect(try await site.command(["dlq", "purge", "--all"] + at) == "3 dead letters deleted.")
                #expect(try await site.command(["dlq", "list"] + at).split(separator: "\n").count == 1)
            }
        }

        /// Nobody but the other worker can notice that the first one is gone.
        @Test func aWorkerTakesOverFromOneThatWasKilled() async throws {
            let environment = ["VIS_TIMEOUT_MS": "1000", "RETRY_BASE_MS": "10", "RETRY_JITTER_MS": "0"]
            try await Site.withRedis(environment: environment) { site, redis in
                let at = ["--redis", redis.url]
                let first = try Program(["worker", "--name", "first"] + at, environment: environment, in: site.folder)
                let id = try await site.command(["enqueue", "--type", "sleeper", "--payload", #"{"ms":1500}"#] + at)
                _ = try await task(id, reaching: "running", site, redis)
                first.send(SIGKILL)
                try await site.withWorker(["--name", "second"] + at) { _ in
                    let done = try await task(id, reaching: "succeeded", site, redis)
                    #expect(done.attempts.map(\.worker).last == "second")
                    #expect(done.attempts.map(\.outcome) == ["lease_expired", "succeeded"])
                }
            }
        }

        @Test func aWorkerSurvivesTheDeathOfRedis() async throws {
            try await Site.withRedis(["--appendonly", "yes", "--appendfsync", "always"]) { site, redis in
                let at = ["--redis", redis.url]
                try await site.withWorker(at) { worker in
                    let before = try await site.command(["enqueue", "--type", "noop"] + at)
                    _ = try await task(before, reaching: "succeeded", site, redis)
                    try await redis.kill()
                    _ = try await eventually("the worker has noticed") {
                        worker.errors.contains("lost the connection") ? true : nil
                    }
                    let again = try await redis.restart()
                    do {
                        let start = ContinuousClock.now
                        let after = try await site.command(["enqueue", "--type", "noop"] + at)
                        _ = try await task(after, reaching: "succeeded", site, again)
                        #expect(start.duration(to: .now) < .seconds(5))
                        #expect(try await task(before, site, again).status == "succeeded")
                        #expect(!worker.errors.contains("appendonly"), "\(worker.errors)")
                    } catch {
                        try await again.kill()
                        throw error
                    }
                    worker.send(SIGTERM)
                    try await worker.wait()
                    try await again.kill()
                }
            }
        }

        @Test(arguments: [["serve", "--port", "0"], ["worker"], ["tasks", "list"]])
        func aPasswordIsAskedFor(command: [String]) async throws {
            try await Site.withRedis(["--requirepass", "geheim"]) { site, redis in
                let address = ["REDIS_ADDR": redis.url]
                let without = try await site.run(command, environment: address)
                #expect(without.status == .exit(1) && without.errors.contains("asks for a password"), "\(without)")
                let wrong = try await site.run(command, environment: address.merging(["REDIS_PASS": "falsch"]) { $1 })
                let sentence = "Error: Redis at \(redis.url) does not accept the user or the password.\n"
                #expect(wrong.status == .exit(1) && wrong.errors.hasSuffix(sentence), "\(wrong)")
                #expect(!wrong.errors.contains("falsch") && !wrong.output.contains("falsch"))
            }
        }

        @Test func aPasswordIsNotShown() async throws {
            try await Site.withRedis(["--requirepass", "geheim"]) { site, redis in
                let url = "redis://:geheim@127.0.0.1:\(redis.port)"
                let site = Site(folder: site.folder, environment: ["LOG_LEVEL": "trace", "REDIS_ADDR": url])
                try await site.withServer { server in
                    let id = try await site.command(["enqueue", "--type", "noop"])
                    _ = try await server.wire.task(id, reaching: "succeeded")
                    #expect(!server.program.output.contains("geheim") && !server.program.errors.contains("geheim"))
                }
                let shown = try await site.command(["config"])
                #expect(shown.contains("redis.url = (hidden)") && !shown.contains("geheim"))
            }
        }

        /// The server sees only those workers that ask it, so those that it starts must do so, whatever they inherit.
        @Test func workersOfAServerAskTheServer() async throws {
            let yaml = """
                queues:
                  fast: { sla_seconds: 5, min_workers: 1, max_workers: 1 }

                """
            try await Site.withRedis { site, redis in
                try Data(yaml.utf8).write(to: site.folder.appendingPathComponent("sojourn.yaml"))
                let site = Site(folder: site.folder, environment: ["REDIS_ADDR": redis.url])
                try await site.withServer(["--concurrency", "0", "--autoscale", "processes"]) { server in
                    let id = try await server.wire.enqueue(#"{"type":"noop","queue":"fast"}"#).taskId
                    _ = try await server.wire.task(id, reaching: "succeeded")
                    _ = try await eventually("the server knows its worker") {
                        let queue: Fleet = try await server.wire.get("/queues/fast").decode()
                        return queue.workers == 1 ? true : nil
                    }
                }
            }
        }

        private struct Fleet: Decodable {
            let workers: Int?
        }
    }
}
