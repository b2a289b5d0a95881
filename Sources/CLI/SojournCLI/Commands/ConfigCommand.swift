import ArgumentParser
import SojournConfiguration
import SojournWire

/// `sojourn config`: shows what the settings come to, and where each comes from.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Check the settings and show where each comes from.",
        discussion: "Secrets stay hidden. Exits with 2, and says what to put right, where something is wrong.")

    @Flag(help: "Document every setting there is, as Markdown.")
    var reference = false

    @Flag(help: "Print JSON, for programs.")
    var json = false

    @OptionGroup var source: ConfigurationOptions

    func run() throws {
        if reference { return Console.put(Settings.reference()) }
        let lines = try source.settings(for: .server).masked
        guard json else { return Console.say(lines.joined(separator: "\n")) }
        var writer = JSONWriter()
        writer.object { $0.array("settings", lines) }
        Console.say(writer.bytes)
    }
}
