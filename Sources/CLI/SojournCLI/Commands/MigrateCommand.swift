import ArgumentParser
import SojournConfiguration
import SojournWire

#if SQLite
import SojournSQLite
#endif

/// `sojourn migrate`: brings the embedded store up to date, or says how far it is.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Bring the embedded store up to date, or show how far it is.",
        discussion: "A server does it by itself when it starts. With --status nothing is changed.")

    @Flag(help: "Only show which migrations are applied and which are pending.")
    var status = false

    @Option(help: ArgumentHelp("Directory of the embedded store.", valueName: "directory"))
    var data: String?

    @Option(help: ArgumentHelp("The Postgres store.", valueName: "url"))
    var postgres: String?

    @Flag(help: "Print JSON, for programs.")
    var json = false

    @OptionGroup var source: ConfigurationOptions

    func run() async throws {
        let settings = try source.settings(["data": data, "postgres": postgres], for: .client)
        if settings.postgres.url != nil { throw CommandFailure.builtWithout("Postgres") }
        #if SQLite
        let folder = settings.server.dataDirectory
        // Opening it is what brings it up to date.
        if !status { try SQLiteQueue(folder: folder).close() }
        show(try SQLiteMigrations.status(ofFolder: folder), of: folder)
        #else
        throw CommandFailure.builtWithout("SQLite")
        #endif
    }

    #if SQLite
    private func show(_ migrations: SQLiteMigrations, of folder: String) {
        if json { return Console.say(object(migrations, of: folder)) }
        var listing = Listing()
        listing.add("store", "SQLite in \(folder)")
        listing.add("applied", migrations.applied.isEmpty ? "none" : migrations.applied.joined(separator: ", "))
        listing.add("pending", migrations.pending.isEmpty ? "none" : migrations.pending.joined(separator: ", "))
        listing.add("note", migrations.isNewer ? "written by a newer version, which this one refuses to open" : nil)
        Console.say(listing.text)
    }

    private func object(_ migrations: SQLiteMigrations, of folder: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.object {
            $0.field("store", "sqlite")
            $0.field("data", folder)
            $0.array("applied", migrations.applied)
            $0.array("pending", migrations.pending)
            $0.field("newer", migrations.isNewer)
        }
        return writer.bytes
    }
    #endif
}
