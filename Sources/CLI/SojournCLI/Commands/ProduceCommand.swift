import ArgumentParser
import SojournCore
import SojournModel
import SojournWire

#if HTTP
import SojournClient
#endif

/// `sojourn produce`: hands many tasks to a server, at a pace or all at once.
struct ProduceCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "produce", abstract: "Enqueue many tasks of one type.",
        discussion: "One task each --interval; with --burst, in batches and as fast as the server goes.")

    @Option(help: "The queue.", transform: Parse.name)
    var queue: QueueName = .default

    @Option(help: "How many tasks, 1 to 10000000.")
    var count = 100

    @Option(help: ArgumentHelp("Time between two tasks.", valueName: "time"), transform: Parse.duration)
    var interval: Duration = .milliseconds(50)

    @Flag(help: "All at once, in batches.")
    var burst = false

    @Option(help: "Their type.", transform: Parse.name)
    var type: TaskType = "noop"

    @Option(help: ArgumentHelp("Their arguments: JSON, @file, or - for standard input.", valueName: "json"))
    var payload: PayloadArgument?

    @Option(help: "How urgent they are inside their queue.")
    var priority: Priority = .default

    @Option(help: "Whom they belong to.", transform: Parse.name)
    var tenant: Tenant = .default

    @OptionGroup var options: ClientOptions

    func validate() throws {
        guard (1...10_000_000).contains(count) else { throw ValidationError("--count must be 1 to 10000000.") }
    }

    #if HTTP
    func run(_ client: SojournClient) async throws {
        let time = SystemTime()
        let start = time.now()
        let maker = TaskMaker(command: self, payload: try payload?.bytes() ?? Array("null".utf8), time: time)
        var progress = Progress("tasks enqueued", of: count, time: time)
        if burst {
            try await inBatches(client, maker, &progress)
        } else {
            try await paced(client, maker, &progress, time)
        }
        progress.end()
        report(seconds: time.now().duration(since: start).inSeconds)
    }

    private func inBatches(_ client: SojournClient, _ maker: TaskMaker, _ progress: inout Progress) async throws {
        // A batch travels as one body, which has a limit of its own.
        let perBody = max(1, Limits.bodyBytes / 2 / (maker.payload.count + 512))
        var done = 0
        while done < count {
            let size = min(count - done, Limits.enqueueBatch, perBody)
            _ = try await client.enqueueAll((0..<size).map { _ in maker.task() })
            done += size
            progress.show(done)
        }
    }

    /// Keeps the pace even where one call takes longer than the interval.
    private func paced(
        _ client: SojournClient, _ maker: TaskMaker, _ progress: inout Progress, _ time: SystemTime
    ) async throws {
        let callsAtOnce = 64
        try await withThrowingTaskGroup(of: Void.self) { calls in
            var due = time.now()
            for index in 0..<count {
                if index >= callsAtOnce { try await calls.next() }
                try await time.sleep(until: due)
                calls.addTask { _ = try await client.enqueue(maker.task()) }
                due = due.advanced(by: interval)
                progress.show(index)
            }
            try await calls.waitForAll()
        }
    }
    #endif

    private func report(seconds: Double) {
        let rate = Double(count) / max(seconds, 0.001)
        let speed = "\(Words.fixed(seconds, 1)) s (\(Words.fixed(rate, 1)) per second)"
        guard options.json else { return Console.say("\(Words.counted(count, "task")) enqueued in \(speed)") }
        var writer = JSONWriter()
        writer.object {
            $0.field("enqueued", count)
            $0.field("seconds", seconds)
            $0.field("rate_per_second", rate)
        }
        Console.say(writer.bytes)
    }
}

/// Makes the tasks of one `produce`.
private struct TaskMaker: Sendable {
    let type: TaskType
    let queue: QueueName
    let priority: Priority
    let tenant: Tenant
    let payload: [UInt8]
    let time: SystemTime

    init(command: ProduceCommand, payload: [UInt8], time: SystemTime) {
        (type, queue, priority, tenant) = (command.type, command.queue, command.priority, command.tenant)
        self.payload = payload
        self.time = time
    }

    func task() -> NewTask {
        let now = time.now()
        var random = SystemRandomNumberGenerator()
        return NewTask(
            message: TaskMessage(
                id: TaskID(at: now, random: &random), type: type, queue: queue, tenant: tenant, priority: priority,
                payload: payload, enqueuedAt: now, availableAt: now))
    }
}
