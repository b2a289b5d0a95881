#if SQLite
import Foundation
import SojournCore
import SojournModel
import SojournTestKit
import Testing

@testable import SojournSQLite

/// What a new process makes of what the old one left.
@Suite struct RestartTests {
    @Test(arguments: [true, false])
    func leasesAfterARestart(isLocal: Bool) async throws {
        try await TemporaryFolder.with { folder in
            let time = ManualTime()
            let message = Sample.message(at: time.now())
            let first = try SQLiteQueue(folder: folder.path, time: time)
            _ = try await first.insert([NewTask(message: message)])
            let request = LeaseRequest(limit: 1, duration: .seconds(60), worker: "w", isLocal: isLocal)
            let delivery = try #require(try await first.lease(request).deliveries.first)
            first.close()
            time.advance(by: .seconds(3_600))

            let second = try SQLiteQueue(folder: folder.path, time: time)
            defer { second.close() }
            let expired = try await second.expired(limit: 10).deliveries
            #expect(expired.map(\.lease.token) == (isLocal ? [delivery.lease.token] : []))
            let record = try #require(try await second.task(message.id))
            #expect(record.status == .running)
            #expect(record.attempts.map(\.number) == [1])
            if !isLocal {
                // Its worker could not extend while no server ran, and must not be robbed for that.
                #expect(try await second.extend([delivery.lease], by: .seconds(60)).first != .lost)
                time.advance(by: .seconds(61))
                #expect(try await second.expired(limit: 10).deliveries.count == 1)
            }
        }
    }

    @Test func countsAndPausesSurvive() async throws {
        try await TemporaryFolder.with { folder in
            let first = try SQLiteQueue(folder: folder.path)
            let queues: [QueueName] = ["a", "a", "b"]
            for queue in queues { _ = try await first.insert([NewTask(message: Sample.message(queue: queue))]) }
            try await first.setPaused("a", true)
            first.close()

            let second = try SQLiteQueue(folder: folder.path)
            defer { second.close() }
            #expect(try await second.pausedQueues() == ["a"])
            #expect(try await second.depths().map { $0.counts[.queued] } == [2, 1])
            #expect(try await second.lease(LeaseRequest(limit: 10)).deliveries.map(\.message.queue) == ["b"])
        }
    }

    @Test func aCancelWishSurvives() async throws {
        try await TemporaryFolder.with { folder in
            let message = Sample.message()
            let first = try SQLiteQueue(folder: folder.path)
            _ = try await first.insert([NewTask(message: message)])
            let delivery = try #require(try await first.lease(LeaseRequest(limit: 1)).deliveries.first)
            #expect(try await first.cancel([message.id]) == [.requested])
            first.close()

            let second = try SQLiteQueue(folder: folder.path)
            defer { second.close() }
            let status = try #require(try await second.extend([delivery.lease], by: .seconds(5)).first)
            guard case .cancelled = status else {
                Issue.record("the wish to cancel was forgotten: \(status)")
                return
            }
        }
    }
}
#endif
