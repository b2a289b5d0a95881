import ArgumentParser
import SojournConfiguration
import SojournCore
import SojournModel
import SojournTerminal
import SojournWire

/// `sojourn monitor`: shows the queues and their promises, again and again.
struct MonitorCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "monitor", abstract: "Watch the queues: promises, waits and scaling decisions.",
        discussion: """
            On a terminal it fills the screen: the worst queue first, why it stands as it does, what to do, and keys \
            to pause a queue or replay its dead letters (? lists them). In a pipe, or with TERM=dumb, it prints one \
            line per queue and look.
            """)

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
        // A server that does not answer is an error at first; later it may just be restarting.
        let first = try await look(access)
        if once {
            show(first)
        } else if !options.json, TerminalScreen.isPossible {
            try await watch(access, first)
        } else {
            try await repeatedly(access, first)
        }
    }

    private func look(_ access: any QueueAccess) async throws -> [QueueView] {
        try await access.queues().filter { queue == nil || $0.name == queue }
    }

    private func show(_ queues: [QueueView]) {
        options.say(
            QueueListView(queues: queues),
            or: QueueTables.list(queues) + QueueTables.promises(queues) + QueueTables.decisions(queues))
    }

    /// Lines, or JSON, until somebody stops it.
    private func repeatedly(_ access: any QueueAccess, _ first: [QueueView]) async throws {
        let time = SystemTime()
        var lines = PlainLines()
        func say(_ queues: [QueueView]) {
            if options.json { return show(queues) }
            for line in lines.lines(queues, at: time.now()) { Console.say(line) }
        }
        say(first)
        while true {
            try await time.sleep(for: interval)
            do {
                say(try await look(access))
            } catch  where ExitStatus(of: error) == .unreachable {
                Console.complain(Ending.sentence(of: error))
            }
        }
    }

    /// The screen, until somebody leaves it.
    private func watch(_ access: any QueueAccess, _ first: [QueueView]) async throws {
        let server = try server()
        let desk = Monitor.Desk(
            look: { try await look(access) },
            setPaused: { _ = try await access.setPaused($0, $1) },
            replay: {
                try await access.replay(ReplayBody(filter: TaskFilter(queue: $0), limit: ReplayBody.most)).replayed
            },
            sentence: { Ending.sentence(of: $0) })
        guard let screen = TerminalScreen() else { return try await repeatedly(access, first) }
        defer { screen.close() }
        await Monitor(server: server, interval: interval, time: SystemTime(), desk: desk).run(on: screen, first: first)
    }

    /// Who is asked, without what is secret in its address.
    private func server() throws -> String {
        let settings = try options.settings()
        guard settings.client.isDirect else { return settings.client.server }
        return settings.postgres.url == nil ? "Redis" : "Postgres"
    }
}
