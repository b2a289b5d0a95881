import ArgumentParser
import SojournCore
import SojournModel
import SojournWire

/// `sojourn produce`: enqueues many tasks, at a pace or all at once.
struct ProduceCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "produce", abstract: "Enqueue many tasks of one type.",
        discussion: "One task each --interval; with --burst, in batches and as fast as it goes.")

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

    func run(_ access: any QueueAccess) async throws {
        let time = SystemTime()
        let start = time.now()
        let maker = TaskMaker(command: self, payload: try payload?.bytes() ?? Array("null".utf8), time: time)
        var progress = Progress("tasks sent", of: count, time: time)
        let refused =
            if burst {
                try await inBatches(access, maker, &progress)
            } else {
                try await paced(access, maker, &progress, time)
            }
        progress.end()
        report(refused: refused, seconds: time.now().duration(since: start).inSeconds)
    }

    /// How many of the tasks that `call` enqueues were refused because their queue could not start them in time.
    private func refusals(_ tasks: Int, _ call: () async throws -> Void) async throws -> Int {
        do {
            try await call()
            return 0
        } catch  where Ending.isRefusedForNow(error) {
            return tasks
        }
    }

    private func inBatches(
        _ access: any QueueAccess, _ maker: TaskMaker, _ progress: inout Progress
    ) async throws -> Int {
        let perCall = Limits.tasksPerCall(payloadBytes: maker.payload.count)
        var (done, refused) = (0, 0)
        while done < count {
            let size = min(count - done, perCall)
            refused += try await refusals(size) {
                _ = try await access.enqueueAll((0..<size).map { _ in maker.task() })
            }
            done += size
            progress.show(done)
        }
        return refused
    }

    /// Keeps the pace even where one call takes longer than the interval.
    private func paced(
        _ access: any QueueAccess, _ maker: TaskMaker, _ progress: inout Progress, _ time: SystemTime
    ) async throws -> Int {
        let callsAtOnce = 64
        return try await withThrowingTaskGroup(of: Int.self) { calls in
            var due = time.now()
            var refused = 0
            let failure = Bell()
            for index in 0..<count {
                if index >= callsAtOnce { refused += try await calls.next() ?? 0 }
                await failure.wait(until: due, on: time)
                // Woken before that, one has failed, and is found below.
                if time.now() < due { break }
                calls.addTask {
                    do {
                        return try await refusals(1) { _ = try await access.enqueue(maker.task()) }
                    } catch {
                        failure.ring(at: .distantPast)
                        throw error
                    }
                }
                due = due.advanced(by: interval)
                progress.show(index)
            }
            for try await more in calls { refused += more }
            try Task.checkCancellation()
            return refused
        }
    }

    private func report(refused: Int, seconds: Double) {
        let enqueued = count - refused
        let rate = Double(enqueued) / max(seconds, 0.001)
        let speed = "\(Words.fixed(seconds, 1)) s (\(Words.fixed(rate, 1)) per second)"
        guard options.json else {
            let rest = refused > 0 ? "; \(refused) were refused, because they could not start in time" : ""
            return Console.say("\(Words.counted(enqueued, "task")) enqueued in \(speed)\(rest)")
        }
        var writer = JSONWriter()
        writer.object {
            $0.field("enqueued", enqueued)
            $0.field("refused", refused)
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
        var message = TaskMessage(type: type, queue: queue, payload: payload, now: time.now())
        (message.tenant, message.priority) = (tenant, priority)
        return NewTask(message: message)
    }
}
