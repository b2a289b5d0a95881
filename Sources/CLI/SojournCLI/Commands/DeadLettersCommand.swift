import ArgumentParser
import SojournCore
import SojournModel
import SojournWire

/// `sojourn dlq`: looks at dead letters, puts them back, deletes them.
struct DeadLettersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dlq", abstract: "List, show, replay and purge dead letters.",
        subcommands: [List.self, Show.self, Replay.self, Replays.self, Stop.self, Purge.self])

    /// Which dead letters.
    struct Filter: ParsableArguments {
        @Option(help: "Only those of that queue.", transform: Parse.name)
        var queue: QueueName?

        @Option(help: "Only those of that type.", transform: Parse.name)
        var type: TaskType?

        @Option(help: ArgumentHelp("Only those whose last error contains that text.", valueName: "text"))
        var error: String?

        var filter: TaskFilter { TaskFilter(queue: queue, type: type, error: error) }
    }

    /// Which dead letters to change, and how many.
    struct Choice: ParsableArguments {
        @Argument(help: "Only these tasks.", transform: Parse.identifier)
        var ids: [TaskID] = []

        @OptionGroup var which: Filter

        @Option(help: "At most so many, the oldest first; 1 to \(ReplayBody.most).")
        var limit = ReplayBody.usual

        var filter: TaskFilter {
            var filter = which.filter
            filter.ids = ids.isEmpty ? nil : ids
            return filter
        }

        func validate() throws {
            guard (1...ReplayBody.most).contains(limit) else {
                throw ValidationError("--limit must be 1 to \(ReplayBody.most), but is \(limit).")
            }
            guard ids.count <= Limits.claimBatch else {
                throw ValidationError("At most \(Limits.claimBatch) tasks can be named.")
            }
        }
    }

    struct List: ClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List dead letters, newest first.")

        @OptionGroup var which: Filter
        @OptionGroup var page: PageOptions
        @OptionGroup var options: ClientOptions

        func run(_ access: any QueueAccess) async throws {
            let answer = try await access.deadLetters(matching: which.filter, limit: page.limit, cursor: page.cursor)
            PageOutput.say(answer, json: options.json, table: TaskTables.deadLetters)
        }
    }

    struct Show: ClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show a dead letter with its attempts.")

        @Argument(help: "The task's identifier.", transform: Parse.identifier)
        var id: TaskID

        @OptionGroup var options: ClientOptions

        func run(_ access: any QueueAccess) async throws {
            guard let task = try await access.task(id), task.record.status == .dead else {
                throw CommandFailure("There is no dead letter \(id).")
            }
            options.say(task, or: TaskTables.whole(task))
        }
    }

    struct Replay: ClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "replay", abstract: "Put dead letters back, with a new budget of attempts.")

        @OptionGroup var choice: Choice

        @Option(help: ArgumentHelp("So many per second instead of all at once.", valueName: "per second"))
        var rate: Double?

        @OptionGroup var options: ClientOptions

        func validate() throws {
            guard rate.map({ (0.01...100_000).contains($0) }) ?? true else {
                throw ValidationError("--rate must be 0.01 to 100000.")
            }
        }

        func run(_ access: any QueueAccess) async throws {
            let body = ReplayBody(filter: choice.filter, limit: choice.limit, ratePerSecond: rate)
            let answer = try await access.replay(body)
            let rest = answer.goesOn ? "; the server goes on with the others\(ending(answer))." : "."
            options.say(answer, or: "\(Words.counted(answer.replayed, "dead letter")) put back\(rest)")
        }

        private func ending(_ answer: ReplayAnswer) -> String {
            answer.replayID.map { ", until `sojourn dlq stop \($0)`" } ?? ""
        }
    }

    struct Replays: ClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "replays", abstract: "List the replays with a rate that the server goes on with.")

        @OptionGroup var options: ClientOptions

        func run(_ access: any QueueAccess) async throws {
            let list = ReplayListView(replays: try await access.replays())
            options.say(list, or: ReplayTable.text(list.replays))
        }
    }

    struct Stop: ClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "stop", abstract: "Stop a replay with a rate; what is left stays a dead letter.")

        @Argument(help: "The replay, as `dlq replays` lists it.", transform: Parse.replay)
        var id: ReplayID

        @OptionGroup var options: ClientOptions

        func run(_ access: any QueueAccess) async throws {
            guard let replay = try await access.stopReplay(id) else {
                throw CommandFailure("No replay \(id) goes on.")
            }
            let done = "\(Words.counted(replay.replayed, "dead letter")) put back"
            options.say(replay, or: "Stopped: \(done), of at most \(replay.request.limit).")
        }
    }

    struct Purge: ClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "purge", abstract: "Delete dead letters for good.")

        @OptionGroup var choice: Choice

        @Flag(help: "All of them: needed where nothing says which.")
        var all = false

        @OptionGroup var options: ClientOptions

        func validate() throws {
            guard all || choice.filter != TaskFilter() else {
                throw ValidationError("Say which ones, by identifiers, --queue, --type or --error; or say --all.")
            }
        }

        func run(_ access: any QueueAccess) async throws {
            let deleted = try await access.purge(matching: choice.filter, limit: choice.limit)
            options.say(PurgeAnswer(deleted: deleted), or: "\(Words.counted(deleted, "dead letter")) deleted.")
        }
    }
}
