import ArgumentParser
import SojournCore
import SojournModel
import SojournWire

/// `sojourn monitor`: shows the queues, again and again.
struct MonitorCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "monitor", abstract: "Watch the queues: depth, SLA and scaling decisions.",
        discussion: "On a terminal the table stays in its place. In a pipe there is one after the other.")

    @Option(help: "Only that queue.", transform: Parse.name)
    var queue: QueueName?

    @Option(help: ArgumentHelp("Time between two looks, 100ms to 1h.", valueName: "time"), transform: Parse.duration)
    var interval: Duration = .seconds(2)

    @Flag(help: "Look once.")
    var once = false

    @OptionGroup var options: ClientOptions

    func validate() throws {
        guard (.milliseconds(100) ... .seconds(3_600)).contains(interval) else {
            throw ValidationError("--interval must be 100ms to 1h.")
        }
    }

    func run(_ access: any QueueAccess) async throws {
        let time = SystemTime()
        // A server that does not answer is an error at first; later it may just be restarting.
        show(try await look(access), time.now())
        while !once {
            try await time.sleep(for: interval)
            do {
                show(try await look(access), time.now())
            } catch  where ExitStatus(of: error) == .unreachable {
                Console.complain(Ending.sentence(of: error))
            }
        }
    }

    private func look(_ access: any QueueAccess) async throws -> [QueueView] {
        try await access.queues().filter { queue == nil || $0.name == queue }
    }

    private func show(_ queues: [QueueView], _ now: Timestamp) {
        if options.json { return Console.say(QueueListView(queues: queues).bytes) }
        let table = QueueTables.list(queues) + QueueTables.promises(queues) + QueueTables.decisions(queues)
        if once { return Console.say(table) }
        let heading = "\(Words.instant(now) ?? "")  \(Words.counted(queues.count, "queue"))"
        // From the upper left corner, over what stood there before, and nothing below.
        Console.say(Console.isTerminal ? "\u{1B}[H\u{1B}[2J\(heading)\n\n\(table)" : "\(heading)\n\(table)\n")
    }
}
