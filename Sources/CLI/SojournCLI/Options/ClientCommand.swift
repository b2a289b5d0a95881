import ArgumentParser
import SojournConfiguration
import SojournWire

/// Whom a command asks, and how it answers.
struct ClientOptions: ParsableArguments {
    @OptionGroup var source: ConfigurationOptions

    @Option(
        help: ArgumentHelp(
            "The server to ask; without it, --redis and --postgres, the configuration says whom.", valueName: "url"))
    var server: String?

    @OptionGroup var backend: BackendOptions

    @Flag(help: "Print JSON, for programs.")
    var json = false

    func settings() throws(ConfigurationError) -> Settings {
        try source.settings(["server": server].merging(backend.flags) { $1 }, for: .client)
    }

    /// Prints an answer: JSON for programs, `text` for people.
    func say(_ answer: some WireBody, or text: String) {
        if json { Console.say(answer.bytes) } else { Console.say(text) }
    }
}

/// A command that asks a server, or the backend itself.
protocol ClientCommand: AsyncParsableCommand {
    var options: ClientOptions { get }
    /// Asks, and prints the answer.
    func run(_ access: any QueueAccess) async throws
}

extension ClientCommand {
    func run() async throws {
        try await withAccess(try options.settings()) { try await run($0) }
    }
}
