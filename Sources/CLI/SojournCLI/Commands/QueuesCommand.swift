import ArgumentParser
import SojournModel
import SojournWire

#if HTTP
import SojournClient
#endif

/// `sojourn queues`: looks at queues, pauses and resumes them.
struct QueuesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queues", abstract: "List, show, pause and resume queues.",
        subcommands: [List.self, Show.self, Pause.self, Resume.self])

    struct List: ClientCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List queues.")

        @OptionGroup var options: ClientOptions

        #if HTTP
        func run(_ client: SojournClient) async throws {
            let list = QueueListView(queues: try await client.queues())
            options.say(list, or: QueueTables.list(list.queues))
        }
        #endif
    }

    struct Show: ClientCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one queue.")

        @Argument(help: "The queue.", transform: Parse.name)
        var name: QueueName

        @OptionGroup var options: ClientOptions

        #if HTTP
        func run(_ client: SojournClient) async throws {
            guard let queue = try await client.queue(name) else {
                throw CommandFailure("There is no queue \(name): it has no tasks and no configuration.")
            }
            options.say(queue, or: QueueTables.whole(queue))
        }
        #endif
    }

    struct Pause: ClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "pause", abstract: "Stop handing out the tasks of a queue; they are still accepted.")

        @Argument(help: "The queue.", transform: Parse.name)
        var name: QueueName

        @OptionGroup var options: ClientOptions

        #if HTTP
        func run(_ client: SojournClient) async throws {
            let queue = try await client.pause(name)
            options.say(queue, or: "Queue \(name) is paused.")
        }
        #endif
    }

    struct Resume: ClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "resume", abstract: "Hand out the tasks of a queue again.")

        @Argument(help: "The queue.", transform: Parse.name)
        var name: QueueName

        @OptionGroup var options: ClientOptions

        #if HTTP
        func run(_ client: SojournClient) async throws {
            let queue = try await client.resume(name)
            options.say(queue, or: "Queue \(name) runs.")
        }
        #endif
    }
}
