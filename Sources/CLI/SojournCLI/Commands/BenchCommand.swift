import ArgumentParser
import Foundation
import SojournBench
import SojournCore

/// `sojourn bench`: measures a backend on this machine.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure a backend on this machine.",
        discussion: "Prints a Markdown table, or one JSON object with --json. Build with -c release first.")

    @Option(
        help: "Which backend: sqlite, redis, postgres or redis+postgres; or promise, for what keeping promises costs.")
    var backend = "sqlite"

    @Option(help: "With redis: an empty database, as redis://localhost/9. Else bench starts servers of its own.")
    var redis: String?

    @Option(
        help: "With postgres: a database; the schema sojourn_bench is made and deleted in it. Else a server of our own."
    )
    var postgres: String?

    @Option(help: "Only these figures, separated by commas, as drain,enqueue_batch.")
    var only = ""

    @Option(help: "Tasks per figure.")
    var tasks = 100_000

    @Option(help: "Rounds per figure; the median counts.")
    var rounds = 3

    @Option(help: "Attempts at once in the worker that drains.")
    var concurrency = 1_000

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard ["sqlite", "redis", "postgres", "redis+postgres", "promise"].contains(backend) else {
            throw ValidationError("--backend must be sqlite, redis, postgres, redis+postgres or promise.")
        }
        for (name, value) in [("--tasks", tasks), ("--rounds", rounds), ("--concurrency", concurrency)] {
            guard (1...10_000_000).contains(value) else { throw ValidationError("\(name) must be 1 to 10000000.") }
        }
    }

    func run() async throws {
        if backend == "promise" {
            let results = PromiseBenchmarks(rounds: rounds, tasks: tasks).run()
            let report = BenchReport(machine: MachineInfo.current, results: results)
            return print(json ? String(decoding: report.json, as: UTF8.self) : report.table)
        }
        let options = QueueBenchmarks.Options(
            tasks: tasks, rounds: rounds, only: only.split(separator: ",").map(String.init), concurrency: concurrency,
            observation: BenchObservation.make)
        let report = try await measure(options)
        print(json ? String(decoding: report.json, as: UTF8.self) : report.table)
    }

    @concurrent private func measure(_ options: QueueBenchmarks.Options) async throws -> BenchReport {
        let machine = MachineInfo.current
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sojourn-bench-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let results =
            switch backend {
            case "redis": try await redis(options, folder)
            case "postgres": try await postgres(options, folder, hinted: false)
            case "redis+postgres": try await postgres(options, folder, hinted: true)
            default: try await sqlite(options, folder)
            }
        return BenchReport(machine: machine, results: results)
    }

    private func sqlite(_ options: QueueBenchmarks.Options, _ folder: URL) async throws -> [BenchResult] {
        #if SQLite
        return try await results(of: BenchSubjects.sqlite(in: folder), options)
        #else
        throw CommandFailure.builtWithout("SQLite")
        #endif
    }

    private func redis(_ options: QueueBenchmarks.Options, _ folder: URL) async throws -> [BenchResult] {
        #if Redis
        if let redis { return try await results(of: try await BenchRedis(url: redis).subject, options) }
        var all: [BenchResult] = []
        for durability in BenchRedis.Durability.allCases {
            let folder = folder.appendingPathComponent(durability.rawValue)
            all += try await BenchRedis.withServer(durability, in: folder) { redis in
                try await results(of: redis.subject, options)
            }
        }
        return all
        #else
        throw CommandFailure.builtWithout("Redis")
        #endif
    }

    private func postgres(
        _ options: QueueBenchmarks.Options, _ folder: URL, hinted: Bool
    ) async throws -> [BenchResult] {
        #if Postgres
        let measure: @Sendable (BenchPostgres) async throws -> [BenchResult] = { postgres in
            guard hinted else { return try await results(of: postgres.subject, options) }
            #if Redis
            return try await BenchRedis.withServer(.none, in: folder.appendingPathComponent("redis")) { redis in
                try await results(of: postgres.hinted(by: redis), options)
            }
            #else
            throw CommandFailure.builtWithout("Redis")
            #endif
        }
        if let postgres { return try await measure(BenchPostgres(url: postgres)) }
        return try await BenchPostgres.withServer(in: folder.appendingPathComponent("postgres"), measure)
        #else
        throw CommandFailure.builtWithout("Postgres")
        #endif
    }

    private func results(of subject: BenchSubject, _ options: QueueBenchmarks.Options) async throws -> [BenchResult] {
        try await QueueBenchmarks(subject, options: options) { line in
            FileHandle.standardError.write(Data("\(line)\n".utf8))
        }.run()
    }
}
