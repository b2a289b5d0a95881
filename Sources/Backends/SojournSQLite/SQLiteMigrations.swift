#if SQLite
import Foundation
import GRDB
public import SojournCore

/// Which migrations the database of a data folder has had, and which it still needs.
///
/// Looking changes nothing, and may be done while a server uses the folder. Opening a ``SQLiteQueue`` applies what is
/// pending.
public struct SQLiteMigrations: Sendable, Hashable {
    /// Those it has had, oldest first.
    public let applied: [String]
    /// Those it still needs, in their order. All of them where there is no database yet.
    public let pending: [String]
    /// Whether it has had some that this version does not know: then this version refuses to open it.
    public let isNewer: Bool

    /// Looks into the database in `folder`.
    ///
    /// - Throws: ``BackendError`` where there is a database that cannot be read.
    public static func status(ofFolder folder: String) throws(BackendError) -> SQLiteMigrations {
        let migrator = Schema.migrator
        let path = "\(folder)/sojourn.sqlite"
        guard FileManager.default.fileExists(atPath: path) else {
            return SQLiteMigrations(applied: [], pending: migrator.migrations, isNewer: false)
        }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        do {
            let database = try DatabaseQueue(path: path, configuration: configuration)
            defer { try? database.close() }
            return try database.read { db in
                let applied = try migrator.appliedMigrations(db)
                return SQLiteMigrations(
                    applied: applied, pending: migrator.migrations.filter { !applied.contains($0) },
                    isNewer: try migrator.hasBeenSuperseded(db))
            }
        } catch {
            throw BackendError(.corrupted, "The database \(path) cannot be read: \(error).", cause: error)
        }
    }
}
#endif
