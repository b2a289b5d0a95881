import ArgumentParser
import SojournCore
import SojournModel
import SojournWire

/// `sojourn tasks`: looks at tasks, and cancels them.
struct TasksCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tasks", abstract: "List, show and cancel tasks.",
        subcommands: [List.self, Show.self, Cancel.self])

    struct List: ClientCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List tasks, newest first.")

        @Option(help: "Only tasks of that queue.", transform: Parse.name)
        var queue: QueueName?

        @Option(help: "Only tasks in that status.")
        var status: TaskStatus?

        @Option(help: "Only tasks of that type.", transform: Parse.name)
        var type: TaskType?

        @Option(help: "Only tasks of that tenant.", transform: Parse.name)
        var tenant: Tenant?

        @Option(help: "Only tasks with that tag.")
        var tag: String?

        @OptionGroup var page: PageOptions
        @OptionGroup var options: ClientOptions

        func run(_ access: any QueueAccess) async throws {
            let filter = TaskFilter(queue: queue, status: status, type: type, tenant: tenant, tag: tag)
            let answer = try await access.tasks(matching: filter, limit: page.limit, cursor: page.cursor)
            PageOutput.say(answer, json: options.json, table: TaskTables.list)
        }
    }

    struct Show: ClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show a task with its attempts.")

        @Argument(help: "The task's identifier.", transform: Parse.identifier)
        var id: TaskID

        @OptionGroup var options: ClientOptions

        func run(_ access: any QueueAccess) async throws {
            guard let task = try await access.task(id) else { throw CommandFailure("There is no task \(id).") }
            options.say(task, or: TaskTables.whole(task))
        }
    }

    struct Cancel: ClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "cancel", abstract: "Cancel a task; one that runs is asked to stop.")

        @Argument(help: "The task's identifier.", transform: Parse.identifier)
        var id: TaskID

        @OptionGroup var options: ClientOptions

        func run(_ access: any QueueAccess) async throws {
            switch try await access.cancel(id) {
            case .cancelled: say(.cancelled, "Task \(id) is cancelled.")
            case .requested: say(.running, "Task \(id) runs; its handler is asked to stop.")
            case .final(let status): throw CommandFailure("Task \(id) is over: it is \(status.rawValue).")
            case .unknown: throw CommandFailure("There is no task \(id).")
            }
        }

        private func say(_ status: TaskStatus, _ sentence: String) {
            options.say(CancelAnswer(taskID: id, status: status), or: sentence)
        }
    }
}

/// Prints a page of tasks, and how to ask for the next one.
enum PageOutput {
    static func say(_ page: TaskPageView, json: Bool, table: (TaskPageView) -> String) {
        guard !json else { return Console.say(page.bytes) }
        Console.say(table(page))
        if let cursor = page.cursor { Console.complain("There are more: --cursor \(Visible.line(cursor))") }
    }
}
