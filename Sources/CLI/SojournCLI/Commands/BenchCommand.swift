import ArgumentParser
import Foundation
import SojournBench
import SojournCore

/// `sojourn bench`: measures a backend on this machine.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure a backend on this machine.",
        discussion: "Prints a Markdown table, or one JSON object with --json. Build with -c release first.")

    @Option(help: "Which backend: sqlite; or promise, for what keeping promises costs.")
    var backend = "sqlite"

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
        guard ["sqlite", "promise"].contains(backend) else {
            throw ValidationError("--backend \(backend): this binary has sqlite and promise.")
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
        #if SQLite
        let options = QueueBenchmarks.Options(
            tasks: tasks, rounds: rounds, only: only.split(separator: ",").map(String.init), concurrency: concurrency)
        let report = try await measure(options)
        print(json ? String(decoding: report.json, as: UTF8.self) : report.table)
        #else
        throw CommandFailure.builtWithout("SQLite")
        #endif
    }

    #if SQLite
    @concurrent private func measure(_ options: QueueBenchmarks.Options) async throws -> BenchReport {
        let machine = MachineInfo.current
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sojourn-bench-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let benchmarks = QueueBenchmarks(BenchSubjects.sqlite(in: folder), options: options) { line in
            FileHandle.standardError.write(Data("\(line)\n".utf8))
        }
        return BenchReport(machine: machine, results: try await benchmarks.run())
    }
    #endif
}
