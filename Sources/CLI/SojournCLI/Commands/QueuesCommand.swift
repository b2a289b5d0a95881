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
            Console.say(options.json ? list.bytes : Array(QueueTables.list(list.queues).utf8))
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
            Console.say(options.json ? queue.bytes : Array(QueueTables.whole(queue).utf8))
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
            Console.say(options.json ? queue.bytes : Array("Queue \(name) is paused.".utf8))
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
            Console.say(options.json ? queue.bytes : Array("Queue \(name) runs.".utf8))
        }
        #endif
    }
}
