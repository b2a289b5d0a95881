import ArgumentParser
import Logging
import SojournConfiguration

/// `sojourn serve`: accepts tasks, keeps them, and runs those that it has handlers for.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Accept tasks, keep them, and run those that have a handler here.",
        discussion: """
            Without a configuration it listens on 127.0.0.1:8080 and keeps its data in ./sojourn-data. With --redis it \
            keeps them in Redis alone, with --postgres in Postgres, with both in Postgres while Redis says which of \
            them wait; then several servers and workers may share them.
            SIGINT and SIGTERM stop it gracefully; a second one stops it at once.
            """)

    @OptionGroup var source: ConfigurationOptions

    @Option(help: ArgumentHelp("Directory of the embedded store.", valueName: "directory"))
    var data: String?

    @Option(help: "Address to listen on; one that other machines reach needs API keys.")
    var host: String?

    @Option(help: "Port to listen on; 0 takes any free port.")
    var port: String?

    @Option(help: ArgumentHelp("Attempts at once in this process; 0 runs no handlers here.", valueName: "n"))
    var concurrency: String?

    @Option(help: ArgumentHelp("A listener for /metrics alone.", valueName: "host:port"))
    var metricsAddress: String?

    @Option(
        help: ArgumentHelp(
            "What follows the load so that promises are kept: processes, slots, dry-run or off.", valueName: "target"))
    var autoscale: String?

    @Option(
        help: ArgumentHelp("The rule that decides how many workers; foresight unless configured.", valueName: "name"))
    var autoscalePolicy: String?

    @OptionGroup var backends: BackendOptions

    func validate() throws {
        guard data == nil || (backends.redis == nil && backends.postgres == nil) else {
            throw ValidationError("--data cannot stand next to --redis or --postgres: then the tasks are kept there.")
        }
    }

    func run() async throws {
        let flags = [
            "data": data, "host": host, "port": port, "concurrency": concurrency, "metrics-address": metricsAddress,
            "autoscale": autoscale, "autoscale-policy": autoscalePolicy,
        ]
        let settings = try source.settings(flags.merging(backends.flags) { $1 }, for: .server)
        #if HTTP
        LoggingSystem.bootstrap(settings.log)
        try await ServerProcess.run(settings, configurationFile: source.config)
        #else
        throw CommandFailure.builtWithout("HTTP")
        #endif
    }
}
