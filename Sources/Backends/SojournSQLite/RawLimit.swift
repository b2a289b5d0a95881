#if SQLite
import GRDB
public import SojournCore
import SojournModel

/// What SQLite itself can do on this disk, for comparison: no leases, no attempts, no queue, one thread.
public enum SQLiteRawLimit {
    /// Inserts `count` rows of 100 bytes into a new database at `path`, then takes and deletes them in batches of
    /// 1,000, each a durable transaction; rows per second of the taking.
    public static func drain(_ count: Int, path: String, time: any TimeSource = SystemTime()) async throws -> Double {
        let queue = try DatabaseQueue(path: path)
        try await queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
            try db.execute(sql: "CREATE TABLE raw (seq INTEGER PRIMARY KEY, payload BLOB NOT NULL)")
            try db.inTransaction {
                try db.execute(
                    sql: """
                        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
                        INSERT INTO raw SELECT i, randomblob(100) FROM n
                        """, arguments: [count])
                return .commit
            }
        }
        let start = time.now()
        try await queue.writeWithoutTransaction { db in
            while try takeBatch(db) > 0 {}
        }
        let seconds = time.now().duration(since: start).inSeconds
        try queue.close()
        return Double(count) / seconds
    }

    private static func takeBatch(_ db: Database) throws -> Int {
        var taken = 0
        try db.inTransaction {
            let rows = try Row.fetchCursor(db, sql: "SELECT seq, payload FROM raw ORDER BY seq LIMIT 1000")
            var last: Int64 = 0
            while let row = try rows.next() {
                last = row[0]
                taken += 1
            }
            try db.execute(sql: "DELETE FROM raw WHERE seq <= ?", arguments: [last])
            return .commit
        }
        return taken
    }
}
#endif
