import ArgumentParser
import SojournCore
import SojournModel
import SojournWire

/// `sojourn enqueue`: enqueues one task.
struct EnqueueCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "enqueue", abstract: "Enqueue one task; prints its identifier.",
        discussion: "Times are written as 500ms, 30s, 5m, 2h or 1d. When it returns, the task is stored.")

    @Option(help: "The task's type, which says what handler runs it.", transform: Parse.name)
    var type: TaskType

    @Option(help: ArgumentHelp("The arguments: JSON, @file, or - for standard input.", valueName: "json"))
    var payload: PayloadArgument?

    @Option(help: "The queue.", transform: Parse.name)
    var queue: QueueName = .default

    @Option(help: "How urgent it is inside its queue.")
    var priority: Priority = .default

    @Option(help: "Whom it belongs to.", transform: Parse.name)
    var tenant: Tenant = .default

    @Option(help: ArgumentHelp("Not before so much time has passed.", valueName: "time"), transform: Parse.duration)
    var delay: Duration?

    @Option(
        help: ArgumentHelp("Not before that instant, as 2026-11-21T04:31:00Z.", valueName: "instant"),
        transform: Parse.instant)
    var runAt: Timestamp?

    @Option(help: ArgumentHelp("With a key that was used before, the earlier task stands.", valueName: "key"))
    var idempotencyKey: String?

    @Option(help: ArgumentHelp("Retries after the first attempt, 0 to \(Limits.maxRetries).", valueName: "n"))
    var maxRetries: Int?

    @Option(help: ArgumentHelp("How long one attempt may take.", valueName: "time"), transform: Parse.duration)
    var timeout: Duration?

    @Option(
        help: ArgumentHelp("No attempt starts later than so much time from now.", valueName: "time"),
        transform: Parse.duration)
    var deadline: Duration?

    @Option(help: ArgumentHelp("A word to find it by; up to \(Limits.tags).", valueName: "word"))
    var tag: [String] = []

    @OptionGroup var options: ClientOptions

    func validate() throws {
        guard delay == nil || runAt == nil else { throw ValidationError("--delay cannot stand next to --run-at.") }
        guard maxRetries.map({ (0...Limits.maxRetries).contains($0) }) ?? true else {
            throw ValidationError("--max-retries must be 0 to \(Limits.maxRetries).")
        }
    }

    func run(_ access: any QueueAccess) async throws {
        let answer = try await access.enqueue(task(at: SystemTime().now()))
        guard answer.status != nil else {
            throw CommandFailure(
                "--idempotency-key belongs to another request: task \(answer.taskID) was enqueued with it.")
        }
        if answer.isDuplicate, !options.json { Console.complain("The same request was accepted before.") }
        options.say(answer, or: "\(answer.taskID)")
    }

    private func task(at now: Timestamp) throws -> NewTask {
        let payload = try payload?.bytes() ?? Array("null".utf8)
        var message = TaskMessage(type: type, queue: queue, payload: payload, now: now)
        (message.tenant, message.priority, message.maxRetries) = (tenant, priority, maxRetries)
        (message.timeout, message.deadline) = (timeout, deadline.map { now.advanced(by: $0) })
        message.availableAt = max(now, runAt ?? now.advanced(by: delay ?? .zero))
        do throws(EnqueueError) {
            return NewTask(
                message: message, idempotencyKey: try idempotencyKey.map(IdempotencyKey.checked),
                tags: try Tags.checked(tag))
        } catch {
            throw CommandFailure(.usage, error.description)
        }
    }
}
