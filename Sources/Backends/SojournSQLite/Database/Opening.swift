#if SQLite
import Foundation
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
            if size(of: path) <= checkedAtStart { try check(pool) }
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

    static func committer(
        for pool: DatabasePool, in folder: DataFolder, now: Timestamp
    ) throws(BackendError) -> GroupCommitter {
        do {
            return try pool.writeWithoutTransaction { db in
                try GroupCommitter(
                    pool: pool, connection: UInt(bitPattern: db.sqliteConnection), in: folder, now: now)
            }
        } catch let error as BackendError {
            throw error
        } catch {
            throw BackendError(.corrupted, "The database cannot be read: \(error).", cause: error)
        }
    }

    /// Larger files are checked while the server runs: `PRAGMA quick_check` reads all of a file, at about 1 GB per
    /// second from memory and at the disk's speed otherwise.
    static let checkedAtStart = 2 << 30

    /// Refuses a damaged file.
    static func check(_ pool: DatabasePool) throws {
        try judge(try pool.read(findings))
    }

    /// As above, without holding up the caller's thread.
    static func check(_ pool: DatabasePool) async throws {
        try judge(try await pool.read { try findings($0) })
    }

    private static func findings(_ db: Database) throws -> [String] {
        try String.fetchAll(db, sql: "PRAGMA quick_check(1)")
    }

    private static func judge(_ findings: [String]) throws {
        guard findings == ["ok"] else {
            let finding = findings.first ?? "no answer"
            throw BackendError(.corrupted, "The database is damaged: \(finding). Restore it from a backup.")
        }
    }

    static func size(of path: String) -> Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.size] as? NSNumber)?.intValue ?? 0
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
