#if SQLite
import Foundation
import GRDB
import SojournCore
import SojournModel
import SojournTestKit
import Testing

@testable import SojournSQLite

/// Databases of earlier versions are opened and brought up to date.
@Suite struct MigrationTests {
    /// A database as version 1 left it, with tasks that wait, run and are over.
    private func makeVersion1(in folder: URL, _ ids: [TaskID]) throws {
        let database = try DatabaseQueue(path: folder.appendingPathComponent("sojourn.sqlite").path)
        try Schema.migrator.migrate(database, upTo: "1")
        try database.write { db in
            try db.execute(
                sql: """
                    INSERT INTO lane (id, queue, tenant, priority, type, queued, running, succeeded)
                    VALUES (1, 'default', 'default', 2, 'test', 1, 1, 1)
                    """)
            for (index, id) in ids.enumerated() {
                let bytes = withUnsafeBytes(of: (id.high.bigEndian, id.low.bigEndian)) { Data($0) }
                let states: [(Int, Int64?, Int64?)] = [(2, nil, nil), (3, 60_000_000, nil), (5, nil, 9)]
                let (status, lease, end) = states[index]
                try db.execute(
                    sql: """
                        INSERT INTO task (seq, id, lane, status, available_at, enqueued_at, lease_us, finished_at,
                            worker, attempt_started_at, token, payload)
                        VALUES (?, ?, 1, ?, 5, 5, ?, ?, 'w', 6, zeroblob(16), x'01')
                        """, arguments: [index + 1, bytes, status, lease, end])
            }
        }
        try database.close()
    }

    @Test func anOldDatabaseOpensAndItsTasksHaveNoPromise() async throws {
        try await TemporaryFolder.with { folder in
            let ids = (0..<3).map { _ in Sample.message().id }
            try makeVersion1(in: folder, ids)
            let before = try SQLiteMigrations.status(ofFolder: folder.path)
            #expect(before.applied == ["1"] && before.pending == ["2"])

            let queue = try SQLiteQueue(folder: folder.path)
            defer { queue.close() }
            #expect(try SQLiteMigrations.status(ofFolder: folder.path).pending.isEmpty)
            for id in ids {
                let record = try #require(try await queue.task(id))
                #expect(record.message.promise == nil && record.message.payload == [1])
            }
            var new = Sample.message()
            new.promise = StartPromise(within: .seconds(3), estimate: .milliseconds(7))
            _ = try await queue.insert([NewTask(message: new)])
            let claimed = try await queue.lease(LeaseRequest(limit: 9)).deliveries.map(\.message)
            #expect(claimed.map(\.id) == [ids[0], new.id])
            #expect(claimed.map(\.promise) == [nil, new.promise])
        }
    }

    @Test func aDatabaseOfThisVersionNeedsNothing() async throws {
        try await withSQLite { _, folder in
            let status = try SQLiteMigrations.status(ofFolder: folder.path)
            #expect(status.applied == Schema.migrator.migrations && status.pending.isEmpty && !status.isNewer)
        }
    }
}
#endif
