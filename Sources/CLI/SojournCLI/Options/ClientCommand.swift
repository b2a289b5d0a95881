import ArgumentParser
import SojournConfiguration
import SojournWire

#if HTTP
import SojournClient
#endif

/// Which server a command asks, and how it answers.
struct ClientOptions: ParsableArguments {
    @OptionGroup var source: ConfigurationOptions

    @Option(help: ArgumentHelp("The server; without it, client.server of the configuration.", valueName: "url"))
    var server: String?

    @Flag(help: "Print JSON, for programs.")
    var json = false

    func settings() throws(ConfigurationError) -> Settings { try source.settings(["server": server], for: .client) }

    /// Prints an answer: JSON for programs, `text` for people.
    func say(_ answer: some WireBody, or text: String) {
        if json { Console.say(answer.bytes) } else { Console.say(text) }
    }
}

/// A command that asks a server.
protocol ClientCommand: AsyncParsableCommand {
    var options: ClientOptions { get }
    #if HTTP
    /// Asks, and prints the answer.
    func run(_ client: SojournClient) async throws
    #endif
}

extension ClientCommand {
    func run() async throws {
        let settings = try options.settings()
        #if HTTP
        try await SojournClient.with(settings) { try await run($0) }
        #else
        _ = settings
        throw CommandFailure.builtWithout("HTTP")
        #endif
    }
}

#if HTTP
extension SojournClient {
    /// Hands `body` a client for the configured server, and shuts it down whatever happened.
    static func with<Result>(
        _ settings: Settings, _ body: (SojournClient) async throws -> Result
    ) async throws -> Result {
        var configuration = ClientConfiguration(apiKey: settings.client.apiKey?.value)
        // Somebody is waiting for the answer.
        configuration.attempts = 3
        let client = try SojournClient(settings.client.server, configuration: configuration)
        do {
            let result = try await body(client)
            await client.shutdown()
            return result
        } catch {
            await client.shutdown()
            throw error
        }
    }
}
#endif
