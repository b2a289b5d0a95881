import ArgumentParser
import Foundation

/// The executable `sojourn`. It joins the parts and decides nothing.
@main
struct Sojourn: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "sojourn", abstract: "A task queue that keeps its promises.", version: "sojourn \(version)",
        subcommands: [
            ServeCommand.self, WorkerCommand.self, EnqueueCommand.self, ProduceCommand.self, MonitorCommand.self,
            PlanCommand.self, SimulateCommand.self, TasksCommand.self, QueuesCommand.self, DeadLettersCommand.self,
            MigrateCommand.self, LoadCommand.self, BenchCommand.self, ConfigCommand.self,
        ])

    static func main() async { await enter() }

    /// The one way into the runtime: nothing that runs from here on inherits the main actor, whose thread would have
    /// to be woken for every step.
    @concurrent private static func enter() async {
        let status = await run(CommandLine.arguments.dropFirst())
        Foundation.exit(status.rawValue)
    }

    private static func run(_ arguments: some Sequence<String>) async -> ExitStatus {
        do {
            var command = try parseAsRoot(Array(arguments))
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return .done
        } catch {
            return Ending.report(error)
        }
    }
}
