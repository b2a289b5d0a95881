import ArgumentParser
import SojournModel
import SojournWire

/// `sojourn queues`: looks at queues, pauses and resumes them.
struct QueuesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queues", abstract: "List, show, pause and resume queues.",
        subcommands: [List.self, Show.self, Pause.self, Resume.self])

    struct List: ClientCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List queues.")

        @OptionGroup var options: ClientOptions

        func run(_ access: any QueueAccess) async throws {
            let list = QueueListView(queues: try await access.queues())
            options.say(list, or: QueueTables.list(list.queues))
        }
    }

    struct Show: ClientCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one queue.")

        @Argument(help: "The queue.", transform: Parse.name)
        var name: QueueName

        @OptionGroup var options: ClientOptions

        func run(_ access: any QueueAccess) async throws {
            guard let queue = try await access.queue(name) else {
                throw CommandFailure("There is no queue \(name): it has no tasks and no configuration.")
            }
            options.say(queue, or: QueueTables.whole(queue))
        }
    }

    struct Pause: ClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "pause", abstract: "Stop handing out the tasks of a queue; they are still accepted.")

        @Argument(help: "The queue.", transform: Parse.name)
        var name: QueueName

        @OptionGroup var options: ClientOptions

        func run(_ access: any QueueAccess) async throws {
            let queue = try await access.setPaused(name, true)
            options.say(queue, or: "Queue \(name) is paused.")
        }
    }

    struct Resume: ClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "resume", abstract: "Hand out the tasks of a queue again.")

        @Argument(help: "The queue.", transform: Parse.name)
        var name: QueueName

        @OptionGroup var options: ClientOptions

        func run(_ access: any QueueAccess) async throws {
            let queue = try await access.setPaused(name, false)
            options.say(queue, or: "Queue \(name) runs.")
        }
    }
}
