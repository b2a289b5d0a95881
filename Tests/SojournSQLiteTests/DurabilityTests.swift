#if SQLite
import Foundation
import GRDB
import SojournCore
import SojournModel
import SojournTestKit
import Testing

@testable import SojournSQLite

/// Decisions D3 to D6: what is on the disk, and when.
@Suite struct DurabilityTests {
    @Test func grdb_synchronous_full_after_open() async throws {
        try await withSQLite { queue, _ in
            let values = try await queue.committer.submit(.power) { writer throws(BackendError) in
                let pragma = try Statement("PRAGMA synchronous", on: writer.connection)
                defer { pragma.finalize() }
                return try pragma.next() ? pragma.int(0) : -1
            }
            #expect(values == 2, "an accepted task needs synchronous = FULL")
            let leases = try await queue.committer.submit(.process) { writer throws(BackendError) in
                let pragma = try Statement("PRAGMA synchronous", on: writer.connection)
                defer { pragma.finalize() }
                return try pragma.next() ? pragma.int(0) : -1
            }
            #expect(leases == 1, "a lease does not pay for an fsync")
        }
    }

    @Test func theFileIsInWALMode() async throws {
        try await withSQLite { queue, _ in
            let mode = try await queue.pool.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
            #expect(mode == "wal")
        }
    }

    @Test func aSecondProcessIsRefused() async throws {
        try await withSQLite { _, folder in
            #expect(throws: BackendError.self) { try SQLiteQueue(folder: folder.path) }
        }
    }

    @Test func theFolderOpensAgainAfterClose() async throws {
        try await TemporaryFolder.with { folder in
            let message = Sample.message()
            let first = try SQLiteQueue(folder: folder.path)
            _ = try await first.insert([NewTask(message: message)])
            first.close()
            let second = try SQLiteQueue(folder: folder.path)
            #expect(try await second.task(message.id)?.status == .queued)
            second.close()
        }
    }

    @Test func theFolderIsItsOwnersAlone() async throws {
        try await TemporaryFolder.with { folder in
            let data = folder.appendingPathComponent("data")
            let queue = try SQLiteQueue(folder: data.path)
            let mode = try FileManager.default.attributesOfItem(atPath: data.path)[.posixPermissions] as? Int
            #expect(mode == 0o700)
            queue.close()
        }
    }

    @Test func closingTwiceIsClosing() async throws {
        try await TemporaryFolder.with { folder in
            let queue = try SQLiteQueue(folder: folder.path)
            _ = try await queue.insert([NewTask(message: Sample.message(bytes: 10))])
            queue.close()
            queue.close()
            await #expect(throws: BackendError.self) {
                try await queue.insert([NewTask(message: Sample.message(bytes: 10))])
            }
        }
    }

    #if os(Linux)
    @Test func aQueueThatNobodyHoldsHasNoFiles() async throws {
        try await TemporaryFolder.with { folder in
            var queue: SQLiteQueue? = try SQLiteQueue(folder: folder.path)
            _ = try await queue?.insert([NewTask(message: Sample.message(bytes: 10))])
            #expect(try openFiles(in: folder) > 2)
            queue = nil
            try await eventually("its files are closed", within: .seconds(10)) { try openFiles(in: folder) == 0 }
            // Whoever has the folder next finds the lock free, and all that was accepted.
            let next = try SQLiteQueue(folder: folder.path)
            #expect(try await next.depths().reduce(0) { $0 + ($1.counts[.queued] ?? 0) } == 1)
            next.close()
        }
    }

    @Test func aFileThatCannotBeOpenedIsClosed() async throws {
        try await TemporaryFolder.with { folder in
            try SQLiteQueue(folder: folder.path).close()
            let database = try DatabaseQueue(path: folder.path + "/sojourn.sqlite")
            try await database.write { try $0.execute(sql: "DROP INDEX task_ready") }
            try database.close()
            #expect(throws: BackendError.self) { try SQLiteQueue(folder: folder.path) }
            try await eventually("its files are closed", within: .seconds(10)) { try openFiles(in: folder) == 0 }
        }
    }

    private func openFiles(in folder: URL) throws -> Int {
        let folder = folder.resolvingSymlinksInPath().path
        return try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
            .compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)") }
            .count { $0.hasPrefix(folder) }
    }
    #endif

    @Test func aDamagedFileIsRefusedWithASentence() async throws {
        try await TemporaryFolder.with { folder in
            let queue = try SQLiteQueue(folder: folder.path)
            for _ in 0..<200 { _ = try await queue.insert([NewTask(message: Sample.message(bytes: 500))]) }
            queue.close()
            let file = folder.appendingPathComponent("sojourn.sqlite")
            var bytes = try Data(contentsOf: file)
            for index in stride(from: 4_096, to: bytes.count, by: 4_096) { bytes[index] = 0xFF }
            try bytes.write(to: file)
            #expect { try SQLiteQueue(folder: folder.path) } throws: { error in
                (error as? BackendError)?.code == .corrupted
            }
        }
    }

    @Test func aNewerSchemaIsRefused() async throws {
        try await TemporaryFolder.with { folder in
            try SQLiteQueue(folder: folder.path).close()
            let raw = try DatabaseQueue(path: folder.appendingPathComponent("sojourn.sqlite").path)
            try await raw.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99-from-the-future')") }
            try raw.close()
            #expect { try SQLiteQueue(folder: folder.path) } throws: { error in
                "\(error)".contains("newer version")
            }
        }
    }

    @Test func payloadBytesComeBackAsTheyWere() async throws {
        try await withSQLite { queue, _ in
            for payload in [[], [0], Array(UInt8.min...UInt8.max), [UInt8](repeating: 7, count: Limits.payloadBytes)] {
                var message = Sample.message()
                message.payload = payload
                _ = try await queue.insert([NewTask(message: message)])
                let record = try await queue.task(message.id)
                #expect(record?.message.payload == payload)
            }
        }
    }
}

/// Runs `body` on a new queue in a folder of its own.
func withSQLite(
    time: any TimeSource = SystemTime(), _ body: (SQLiteQueue, URL) async throws -> Void
) async throws {
    try await TemporaryFolder.with { folder in
        let queue = try SQLiteQueue(folder: folder.path, time: time)
        defer { queue.close() }
        try await body(queue, folder)
    }
}

enum Sample {
    static func message(
        type: TaskType = "test", queue: QueueName = .default, bytes: Int = 10, at instant: Timestamp? = nil
    ) -> TaskMessage {
        var random = SystemRandomNumberGenerator()
        let now = instant ?? SystemTime().now()
        return TaskMessage(
            id: TaskID(at: now, random: &random), type: type, queue: queue,
            payload: [UInt8](repeating: 1, count: bytes), enqueuedAt: now, availableAt: now)
    }
}
#endif
