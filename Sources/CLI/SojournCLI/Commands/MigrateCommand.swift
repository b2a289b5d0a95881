import ArgumentParser
import Logging
import SojournConfiguration
import SojournCore
import SojournWire

#if SQLite
import SojournSQLite
#endif
#if Postgres
import SojournPostgres
#endif

/// `sojourn migrate`: brings the embedded store or a Postgres up to date, or says how far it is.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Bring the store up to date, or show how far it is.",
        discussion: """
            The embedded store is also brought up to date by a server that starts; a server with --postgres refuses to \
            start until this was done. Several may do it at once. With --status nothing is changed.
            """)

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
        if let url = settings.postgres.url { return try await migrate(url, settings.postgres) }
        #if SQLite
        let folder = settings.server.dataDirectory
        // Opening it is what brings it up to date.
        if !status { try SQLiteQueue(folder: folder).close() }
        let migrations = try SQLiteMigrations.status(ofFolder: folder)
        show(
            Report(
                kind: "sqlite", store: "SQLite in \(folder)", place: folder, applied: migrations.applied,
                pending: migrations.pending, isNewer: migrations.isNewer))
        #else
        throw CommandFailure.builtWithout("SQLite")
        #endif
    }

    #if Postgres
    private func migrate(_ url: Secret, _ settings: Settings.Postgres) async throws {
        let postgres: PostgresConnection
        do throws(BackendError) {
            postgres = try PostgresConnection(
                url.value, connections: 2, isPooled: settings.isPooled, logger: .silent)
        } catch {
            throw CommandFailure(.usage, error.message)
        }
        try await finally(postgres.close) {
            if !status { try await postgres.migrations.apply() }
            let migrations = try await postgres.migrations.status()
            show(
                Report(
                    kind: "postgres", store: "Postgres at \(postgres.place)", place: postgres.place,
                    applied: migrations.applied.map { "\($0)" }, pending: migrations.pending.map { "\($0)" },
                    isNewer: migrations.isNewer))
        }
    }
    #else
    private func migrate(_ url: Secret, _ settings: Settings.Postgres) async throws {
        throw CommandFailure.builtWithout("Postgres")
    }
    #endif

    /// How far a store is.
    private struct Report {
        let kind: String
        let store: String
        let place: String
        let applied: [String]
        let pending: [String]
        let isNewer: Bool
    }

    private func show(_ report: Report) {
        if json { return Console.say(object(report)) }
        var listing = Listing()
        listing.add("store", report.store)
        listing.add("applied", report.applied.isEmpty ? "none" : report.applied.joined(separator: ", "))
        listing.add("pending", report.pending.isEmpty ? "none" : report.pending.joined(separator: ", "))
        listing.add("note", report.isNewer ? "written by a newer version, which this one refuses to open" : nil)
        Console.say(listing.text)
    }

    private func object(_ report: Report) -> [UInt8] {
        var writer = JSONWriter()
        writer.object {
            $0.field("store", report.kind)
            $0.field("data", report.place)
            $0.array("applied", report.applied)
            $0.array("pending", report.pending)
            $0.field("newer", report.isNewer)
        }
        return writer.bytes
    }
}

extension Logger {
    /// For a command that says by itself what went wrong.
    fileprivate static var silent: Logger {
        var logger = Logger(label: "sojourn.postgres")
        logger.logLevel = .critical
        return logger
    }
}
