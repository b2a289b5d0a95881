import ArgumentParser
import Queueing
import SojournConfiguration
import SojournModel
import SojournPromise
import SojournWire

#if HTTP
import SojournClient
#endif

/// `sojourn plan`: how many workers a promise takes, and what becomes of it when things go wrong.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Size the workers of a queue for its promise.",
        discussion: """
            The numbers come from the flags; what is not given comes from the configuration of --queue, or from the \
            live measurements of --from-queue. Without --slots it finds how many keep the promise.
            """)

    @Option(help: ArgumentHelp("λ, tasks per second.", valueName: "rate"))
    var arrivalRate: Double?

    @Option(
        help: ArgumentHelp("W, the longest wait before a task starts.", valueName: "time"), transform: Parse.duration)
    var sla: Duration?

    @Option(help: "Percentage of the tasks that must start in time; 99 unless configured.")
    var percentile: Double?

    @Option(help: ArgumentHelp("Mean time of one attempt.", valueName: "time"), transform: Parse.duration)
    var serviceTime: Duration?

    @Option(
        help: "Variance over squared mean of that time: 0 constant, 1 exponential, 10 heavy-tailed. 1 unless measured.")
    var scv: Double?

    @Option(help: "Tasks at once, altogether; unset, as few as keep the promise.")
    var slots: Int?

    @Option(help: "Tasks at once in one worker process; 5 unless configured.")
    var jobsPerWorker: Int?

    @Option(
        help: ArgumentHelp("Time from the launch of a worker to its first task.", valueName: "time"),
        transform: Parse.duration)
    var startup: Duration?

    @Option(help: "Plan for this queue of the configuration.", transform: Parse.name)
    var queue: QueueName?

    @Option(help: "Plan for this queue as a running server measures it.", transform: Parse.name)
    var fromQueue: QueueName?

    @OptionGroup var options: ClientOptions

    func run() async throws {
        let settings = try options.settings()
        var known = PlanFacts()
        if let name = queue ?? fromQueue {
            let configured = settings.queues[name.rawValue]
            guard fromQueue != nil || configured != nil else {
                throw CommandFailure(.usage, "--queue \(name): the configuration has no such queue.")
            }
            if let configured { known.take(configured) }
        }
        if let fromQueue { known.take(try await measured(fromQueue, settings)) }
        let question = try question(known)
        do throws(QueueingError) {
            let report = PlanReport(plan: try CapacityPlan(question))
            if options.json { Console.say(report.json) } else { Console.say(try report.text()) }
        } catch {
            throw CommandFailure(.usage, "There is no plan: \(error)")
        }
    }

    private func question(_ known: PlanFacts) throws(CommandFailure) -> CapacityPlan.Question {
        func need<Value>(_ value: Value?, _ flag: String) throws(CommandFailure) -> Value {
            guard let value else {
                throw CommandFailure(.usage, "\(flag) is not known: give it, or a --queue that has it.")
            }
            return value
        }
        let percentile = percentile ?? known.percentile ?? 99
        guard (50...99.999).contains(percentile) else {
            throw CommandFailure(.usage, "--percentile must be 50 to 99.999, but is \(percentile).")
        }
        if let slots, !(1...1_000_000).contains(slots) {
            throw CommandFailure(.usage, "--slots must be 1 to 1000000, but is \(slots).")
        }
        let perWorker = jobsPerWorker ?? known.tasksPerWorker ?? 5
        guard (1...10_000).contains(perWorker) else {
            throw CommandFailure(.usage, "--jobs-per-worker must be 1 to 10000, but is \(perWorker).")
        }
        var level = known.level ?? ServiceLevel(limit: 1)
        level.limit = try need(sla?.inSeconds ?? known.limit, "--sla")
        level.miss = 1 - percentile / 100
        level.tasksPerWorker = perWorker
        level.startup = startup?.inSeconds ?? known.startup ?? 1
        return CapacityPlan.Question(
            arrivalRate: try need(arrivalRate ?? known.arrivalRate, "--arrival-rate"),
            serviceTime: try need(serviceTime?.inSeconds ?? known.serviceTime, "--service-time"),
            serviceVariation: scv ?? known.scv ?? 1, level: level, slots: slots)
    }

    private func measured(_ name: QueueName, _ settings: Settings) async throws -> QueueView {
        guard !settings.client.isDirect else {
            throw CommandFailure(.usage, "Only a server measures queues: say which one with --server.")
        }
        #if HTTP
        let client = try SojournClient(settings)
        guard let view = try await finally(client.shutdown, { try await client.queue(name) }) else {
            throw CommandFailure("There is no queue \(name): it has no tasks and no configuration.")
        }
        guard view.insight.arrivalRate != nil else {
            throw CommandFailure("The server has not measured queue \(name) yet: it has seen no tasks since its start.")
        }
        return view
        #else
        throw CommandFailure.builtWithout("HTTP")
        #endif
    }
}

/// What configuration and measurement say about a queue.
private struct PlanFacts {
    var level: ServiceLevel?
    var limit: Double?
    var arrivalRate: Double?
    var serviceTime: Double?
    var scv: Double?
    var percentile: Double?
    var tasksPerWorker: Int?
    var startup: Double?

    mutating func take(_ settings: QueueSettings) {
        level = ServiceLevel(settings)
        limit = settings.sla?.inSeconds
        arrivalRate = settings.arrivalRate
        serviceTime = settings.serviceTime.inSeconds
        percentile = settings.slaPercentile
        tasksPerWorker = settings.tasksPerWorker
        startup = settings.startup.inSeconds
    }

    mutating func take(_ view: QueueView) {
        limit = view.promise?.limit.inSeconds ?? limit
        percentile = view.promise?.percentile ?? percentile
        arrivalRate = view.insight.arrivalRate ?? arrivalRate
        serviceTime = view.insight.serviceTime?.inSeconds ?? serviceTime
        scv = view.insight.serviceVariation ?? scv
        startup = view.insight.startup?.inSeconds ?? startup
    }
}
