import ArgumentParser

/// The executable `sojourn`. It joins the parts and decides nothing.
@main
struct Sojourn: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sojourn", abstract: "A task queue that keeps its promises.",
        subcommands: [BenchCommand.self])
}
