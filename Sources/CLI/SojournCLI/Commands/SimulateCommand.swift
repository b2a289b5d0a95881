import ArgumentParser
import Foundation
import SojournCore
import SojournModel
import SojournPromise
import SojournSimulation
import SojournWire

/// `sojourn simulate`: what a promise and a scaling policy would have come to.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Try promises and scaling policies in virtual time.",
        discussion: """
            The estimates, the admission and the decisions are those of the server; only time and tasks are made up. \
            One scenario and one policy give a result, several a table: --scenario all --policy all compares everything.
            """)

    @Option(
        help: """
            poisson, diurnal, flash10, onoff, ramp, lognormal10, pareto1.8, wc98-semi, wc98-open, all; may be repeated.
            """)
    var scenario: [String] = []

    @Option(
        help: """
            foresight, littleq, keda, hpa-cpu, aws-backlog, knative, latency-band, static, or all; may be repeated.
            """)
    var policy: [String] = []

    @Option(
        help: ArgumentHelp(
            "A CSV file instead of a scenario: instants of arrival, maybe with service times, or counts per minute.",
            valueName: "file"))
    var trace: String?

    @Option(
        help: ArgumentHelp("W, the longest wait before a task starts.", valueName: "time"), transform: Parse.duration)
    var sla: Duration = .seconds(30)

    @Option(
        help: ArgumentHelp("D, from the launch of a slot to its first task.", valueName: "time"),
        transform: Parse.duration)
    var startup: Duration = .seconds(15)

    @Option(help: ArgumentHelp("G, what removing a slot costs besides.", valueName: "time"), transform: Parse.duration)
    var teardown: Duration = .seconds(5)

    @Option(help: ArgumentHelp("Mean time of one attempt.", valueName: "time"), transform: Parse.duration)
    var serviceTime: Duration = .seconds(1)

    @Option(help: "Percentage of the tasks that must start in time.")
    var percentile = 99.9

    @Option(
        help: """
            What happens to tasks that cannot start in time: accept, demote or reject. Without it, all of them where \
            every policy is compared.
            """)
    var overflow: Overflow?

    @Option(help: "Of the random numbers; may be repeated.")
    var seed: [UInt64] = []

    @Option(help: ArgumentHelp("Draw load, slots and waits of the run.", valueName: "file"))
    var svg: String?

    @Flag(help: "Print tables as Markdown.")
    var markdown = false

    @Flag(help: "Print JSON, for programs: one object per run.")
    var json = false

    enum Overflow: String, ExpressibleByArgument, CaseIterable {
        case accept, demote, reject
    }

    func validate() throws {
        guard (50...99.999).contains(percentile) else { throw ValidationError("--percentile must be 50 to 99.999.") }
        guard sla > .zero, serviceTime > .zero else {
            throw ValidationError("--sla and --service-time must be longer than 0.")
        }
        guard trace == nil || scenario.isEmpty else { throw ValidationError("Give --scenario or --trace, not both.") }
    }

    func run() async throws {
        let jobs = try workloads()
        let contenders = try contenders()
        if svg != nil, jobs.count * contenders.count > 1 {
            throw CommandFailure(.usage, "--svg draws one run: name one --scenario, one --policy and one --seed.")
        }
        var comparison = Comparison(contenders, level: level)
        let time = SystemTime()
        var progress = Progress("runs", of: jobs.count * contenders.count, time: time)
        var done = 0
        for job in jobs {
            comparison.add(job) {
                done += 1
                progress.show(done)
            }
        }
        progress.end()
        try show(comparison)
        if let svg { try draw(jobs[0], contenders[0], to: svg) }
    }

    private var level: ServiceLevel {
        ServiceLevel(
            limit: sla.inSeconds, miss: 1 - percentile / 100, serviceTime: serviceTime.inSeconds,
            startup: startup.inSeconds, teardown: teardown.inSeconds, tasksPerWorker: 1, workers: 1...1_000)
    }

    private func workloads() throws -> [Comparison.Job] {
        let seeds = seed.isEmpty ? [1] : seed
        let time = serviceTime.inSeconds
        if let trace {
            let parsed = try read(trace)
            let name = URL(fileURLWithPath: trace).deletingPathExtension().lastPathComponent
            return seeds.map { seed in
                Comparison.Job(parsed.workload(name: name, serviceTime: time, seed: seed), seed: seed)
            }
        }
        var scenarios: [Scenario] = []
        for name in scenario.isEmpty ? [Scenario.flash10.rawValue] : scenario {
            if name == "all" {
                scenarios += Scenario.allCases
            } else if let known = Scenario(rawValue: name) {
                scenarios.append(known)
            } else {
                let names = Scenario.allCases.map(\.rawValue).joined(separator: ", ")
                throw CommandFailure(.usage, "--scenario \(Visible.line(name)): there are \(names), and all.")
            }
        }
        return seeds.flatMap { seed in scenarios.map { Comparison.Job($0, serviceTime: time, seed: seed) } }
    }

    private func read(_ path: String) throws(CommandFailure) -> Trace {
        let bytes: [UInt8]
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            bytes = [UInt8](try file.read(upToCount: Trace.bytesMax + 1) ?? Data())
        } catch {
            throw CommandFailure(.usage, "--trace \(Visible.line(path)) cannot be read: \(error.localizedDescription)")
        }
        do throws(TraceError) {
            return try Trace(csv: bytes)
        } catch {
            throw CommandFailure(.usage, "--trace \(Visible.line(path)): \(error)")
        }
    }

    private func contenders() throws -> [Contender] {
        let isAll = policy.contains("all")
        let names = isAll ? ScalingPolicies.names : policy.isEmpty ? [ScalingPolicies.names[0]] : policy
        var contenders: [Contender] = isAll ? [.bestConstant] : []
        for name in names where !(isAll && name == "static") {
            guard ScalingPolicies.names.contains(name.lowercased()) else {
                let names = ScalingPolicies.names.joined(separator: ", ")
                throw CommandFailure(.usage, "--policy \(Visible.line(name)): there are \(names), and all.")
            }
            let contender = Contender.named(name.lowercased())
            switch overflow {
            case .accept: contenders.append(contender)
            case .demote: contenders.append(contender.demoting())
            case .reject: contenders.append(contender.rejecting())
            case nil:
                contenders.append(contender)
                if isAll, name == ScalingPolicies.names[0] {
                    contenders += [contender.demoting(), contender.rejecting()]
                }
            }
        }
        return contenders
    }

    private func show(_ comparison: Comparison) throws {
        let results = comparison.rows.flatMap(\.results)
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            for result in results { Console.say([UInt8](try encoder.encode(result))) }
        } else if results.count == 1 {
            Console.say(SimulationReport(result: results[0], limit: sla.inSeconds).text)
        } else {
            Console.say(markdown ? comparison.markdown : comparison.text)
        }
    }

    private func draw(_ job: Comparison.Job, _ contender: Contender, to path: String) throws {
        guard let run = contender.simulate(job.workload, level) else { return }
        let title = "\(job.workload.name) under \(contender.label), promise \(Words.duration(sla))"
        let chart = Chart(run, limit: sla.inSeconds, title: title)
        do {
            try Data(chart.svg.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw CommandFailure("--svg \(Visible.line(path)) cannot be written: \(error.localizedDescription)")
        }
    }
}
