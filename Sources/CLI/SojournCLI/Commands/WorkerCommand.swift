import ArgumentParser
import Logging
import SojournConfiguration
import SojournModel

/// `sojourn worker`: runs tasks in a process of its own.
struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Run tasks in a process of their own, for a server, or for Redis or Postgres.",
        discussion: """
            With --redis or --postgres no server is needed: it takes the tasks from there, and sees to retries and \
            lost leases.
            It has the built-in handlers and those of the configuration, as the server itself.
            SIGINT and SIGTERM stop it gracefully; a second one stops it at once.
            """)

    @Option(help: "A queue to serve; may be repeated. Without it, all of them.", transform: Parse.name)
    var queue: [QueueName] = []

    @Option(help: ArgumentHelp("Attempts at once.", valueName: "n"))
    var concurrency: String?

    @Option(
        help: ArgumentHelp(
            "The server to ask; without it, --redis and --postgres, the configuration says whom.", valueName: "url"))
    var server: String?

    @Option(help: "Who it is, shown with its attempts; without it, the machine and a number.", transform: Parse.name)
    var name: QueueName?

    @Flag(help: "Stop when standard input ends, as it does when the process that started this one is gone.")
    var withParent = false

    @OptionGroup var source: ConfigurationOptions
    @OptionGroup var backends: BackendOptions

    func run() async throws {
        let flags = ["concurrency": concurrency, "server": server]
        let settings = try source.settings(flags.merging(backends.flags) { $1 }, for: .client)
        guard settings.server.concurrency > 0 else {
            throw CommandFailure(.usage, "--concurrency must be at least 1: a worker that runs nothing is none.")
        }
        LoggingSystem.bootstrap(settings.log)
        let process = WorkerProcess(
            settings, queues: queue, name: name?.rawValue ?? ProcessName.make(), isBoundToParent: withParent)
        try await process.run()
    }
}
