#if SQLite
import Foundation
import SojournCore
import SojournModel
import SojournTestKit
import Testing

@testable import SojournSQLite

/// Writes that meet are one transaction, and one bad write harms no other.
@Suite struct GroupCommitTests {
    @Test func aFailingWriteLeavesItsNeighboursAlone() async throws {
        try await withSQLite { queue, _ in
            let messages = (0..<50).map { _ in Sample.message() }
            await withTaskGroup(of: Bool.self) { group in
                for message in messages {
                    group.addTask { (try? await queue.insert([NewTask(message: message)])) != nil }
                    group.addTask {
                        let failure = BackendError(.rejected, "no")
                        let result: Void? = try? await queue.committer.submit(.power) { _ throws(BackendError) in
                            throw failure
                        }
                        return result == nil
                    }
                }
                for await isAsExpected in group { #expect(isAsExpected) }
            }
            let depth = try await queue.depths().first
            #expect(depth?.counts[.queued] == 50)
            for message in messages { #expect(try await queue.task(message.id)?.status == .queued) }
        }
    }

    @Test func aFailureInTheMiddleUndoesItsWholeWrite() async throws {
        try await withSQLite { queue, _ in
            let message = Sample.message()
            await #expect(throws: BackendError.self) {
                try await queue.committer.submit(.power) { writer throws(BackendError) in
                    _ = try writer.insert([NewTask(message: message)], room: [:], now: message.enqueuedAt)
                    throw BackendError(.rejected, "half way")
                }
            }
            let record = try await queue.task(message.id)
            #expect(record == nil)
            let depths = try await queue.depths()
            #expect(depths.allSatisfy { $0.counts.isEmpty })
        }
    }

    @Test func aRolledBackClaimIsForgotten() async throws {
        try await withSQLite { queue, _ in
            _ = try await queue.insert([NewTask(message: Sample.message())])
            await #expect(throws: BackendError.self) {
                try await queue.committer.submit(.process) { writer throws(BackendError) in
                    _ = try writer.claim(LeaseRequest(limit: 1), now: SystemTime().now())
                    throw BackendError(.rejected, "no")
                }
            }
            let held = try await queue.committer.submit(.process) { writer throws(BackendError) in writer.held.count }
            #expect(held == 0)
            #expect(try await queue.lease(LeaseRequest(limit: 1)).deliveries.count == 1)
        }
    }

    @Test func afterCloseEveryCallFails() async throws {
        try await TemporaryFolder.with { folder in
            let queue = try SQLiteQueue(folder: folder.path)
            queue.close()
            await #expect(throws: BackendError.self) { try await queue.insert([NewTask(message: Sample.message())]) }
        }
    }

    @Test func aDiskFailureStopsAllWriting() async throws {
        try await withSQLite { queue, _ in
            await #expect(throws: BackendError.self) {
                try await queue.committer.submit(.power) { _ throws(BackendError) in
                    throw BackendError(.closed, "The disk of the data folder failed.")
                }
            }
            await #expect(throws: BackendError.self) { try await queue.insert([NewTask(message: Sample.message())]) }
            #expect(queue.committer.failure != nil)
        }
    }
}
#endif
