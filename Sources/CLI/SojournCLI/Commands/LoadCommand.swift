import ArgumentParser
import SojournConfiguration
import SojournCore
import SojournLoad
import SojournModel

/// `sojourn load`: sends many tasks, waits until they have ended, and reports how they fared.
struct LoadCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Send a load, and report how its tasks fared.",
        discussion: """
            What it reports is read from the tasks' own records: how long they waited and ran, retries, dead letters, \
            and how many started within their promise. With --rate, a task that could not be sent on time counts as \
            waiting from when it was due.
            """)

    @Option(name: [.customShort("n"), .customLong("tasks")], help: "How many tasks, 1 to 10000000.")
    var tasks: Int?

    @Option(name: [.customShort("w"), .customLong("callers")], help: "Calls under way at once, 1 to 1000.")
    var callers = 16

    @Option(help: "Tasks per call, 1 to 1000.")
    var batch: Int?

    @OptionGroup(title: "What the tasks do") var mix: MixOptions
    @OptionGroup(title: "When they come") var arrivals: ArrivalOptions

    @Option(help: "The queue.", transform: Parse.name)
    var queue: QueueName = .default

    @Option(help: "How urgent they are inside their queue.")
    var priority: Priority = .default

    @Option(
        help: ArgumentHelp("The wait to count attainment by, where the queue promises none.", valueName: "time"),
        transform: Parse.duration)
    var sla: Duration?

    @Option(help: "What decides about chance: the same seed gives the same tasks.")
    var seed: UInt64 = 1

    @Option(help: "Worker processes to start for the run, 0 to 64; 0: those that are there.")
    var workers: Int?

    @Option(help: "Tasks at once in each of those workers, 1 to 1000.")
    var concurrency: Int?

    @Option(help: "A load with a name, beside others' figures: \(LoadPreset.all.map(\.name).joined(separator: ", ")).")
    var preset: LoadPreset?

    @OptionGroup var options: ClientOptions

    func validate() throws {
        try Self.check("--tasks", tasks, 1...10_000_000)
        try Self.check("--callers", callers, 1...1_000)
        try Self.check("--batch", batch, 1...Limits.enqueueBatch)
        try Self.check("--workers", workers, 0...64)
        try Self.check("--concurrency", concurrency, 1...1_000)
    }

    private static func check(_ name: String, _ value: Int?, _ range: ClosedRange<Int>) throws {
        guard let value, !range.contains(value) else { return }
        throw ValidationError("\(name) must be \(range.lowerBound) to \(range.upperBound).")
    }

    private var plan: LoadPlan {
        let tag = "load-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
        let perCall = Limits.tasksPerCall(payloadBytes: mix.payloadBytes)
        return LoadPlan(
            tasks: tasks ?? preset?.tasks ?? 10_000, callers: callers,
            batch: min(batch ?? preset?.batch ?? 1, perCall), arrivals: arrivals.schedule,
            mix: preset?.mix ?? mix.mix, retry: preset?.retry, queue: queue, priority: priority, tag: tag, seed: seed)
    }

    /// Worker processes to start, and tasks at once in each.
    private var staff: (count: Int, slots: Int) {
        (workers ?? preset?.workers.count ?? 0, concurrency ?? preset?.workers.slots ?? 12)
    }

    func run(_ access: any QueueAccess) async throws {
        guard staff.count > 0 else { return try await measure(access) }
        let crew = LoadCrew(
            count: staff.count, slots: staff.slots, queue: queue, settings: try options.settings(),
            configurationFile: options.source.config)
        try await crew.during { names in
            try await crew.awake(names, access)
            try await measure(access)
        }
    }

    private func measure(_ access: any QueueAccess) async throws {
        let plan = plan
        let time = SystemTime()
        let progress = LoadProgress(tasks: plan.tasks, time: time)
        let run = LoadRun(plan, on: access, time: time, limit: sla, isRefusal: Ending.isRefusedForNow)
        let report = try await run.run(progress.show)
        progress.end()
        if options.json { return Console.say(report.bytes) }
        Console.say(LoadTables.listing(report))
        guard let preset else { return }
        let slots = staff.count * staff.slots
        Console.say("\n" + LoadTables.comparison(report, preset, plan, slots: slots))
    }
}
