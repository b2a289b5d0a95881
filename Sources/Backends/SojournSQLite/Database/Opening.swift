#if SQLite
import GRDB
import SojournCore
import SojournModel

/// Opens the database, migrates it, and sets it up for one writer.
enum Opening {
    static func open(_ path: String) throws(BackendError) -> DatabasePool {
        var configuration = Configuration()
        configuration.label = "sojourn"
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 4
        do {
            let pool = try DatabasePool(path: path, configuration: configuration)
            try migrate(pool)
            try pool.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA temp_store = MEMORY")
                try db.execute(sql: "PRAGMA cache_size = -32768")
                // Checkpoints fsync twice; one per 32 MB instead of one per 4 keeps them off the way of most groups.
                try db.execute(sql: "PRAGMA wal_autocheckpoint = 8192")
                try db.execute(sql: "PRAGMA journal_size_limit = 67108864")
            }
            return pool
        } catch let error as BackendError {
            throw error
        } catch {
            throw BackendError(.corrupted, "The database \(path) cannot be opened: \(error).", cause: error)
        }
    }

    static func committer(for pool: DatabasePool, now: Timestamp) throws(BackendError) -> GroupCommitter {
        do {
            return try pool.writeWithoutTransaction { db in
                try GroupCommitter(pool: pool, connection: UInt(bitPattern: db.sqliteConnection), now: now)
            }
        } catch let error as BackendError {
            throw error
        } catch {
            throw BackendError(.corrupted, "The database cannot be read: \(error).", cause: error)
        }
    }

    private static func migrate(_ pool: DatabasePool) throws {
        let migrator = Schema.migrator
        let isNewer = try pool.read { try migrator.hasBeenSuperseded($0) }
        if isNewer {
            throw BackendError(.rejected, "The database was written by a newer version of sojourn.")
        }
        try migrator.migrate(pool)
    }
}
#endif
