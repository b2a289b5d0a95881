import ArgumentParser
import SojournConfiguration
import SojournWire

/// `sojourn config`: shows what the settings come to, and where each comes from.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Check the settings and show where each comes from.",
        discussion: "Secrets stay hidden. Exits with 2, and says what to put right, where something is wrong.")

    @Flag(help: "Document every setting there is, as Markdown.")
    var reference = false

    @Flag(help: "Print JSON, for programs.")
    var json = false

    @OptionGroup var source: ConfigurationOptions

    func run() async throws {
        if reference { return Console.put(Settings.reference()) }
        let settings = try source.settings(for: .server)
        // They have rules that only making them knows, such as that a secret is there.
        await (try HandlerTable(settings.handlers)).close()
        let lines = settings.masked
        guard json else { return Console.say(lines.joined(separator: "\n")) }
        var writer = JSONWriter()
        writer.object { $0.array("settings", lines) }
        Console.say(writer.bytes)
    }
}
