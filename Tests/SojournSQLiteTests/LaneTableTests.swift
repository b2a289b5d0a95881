#if SQLite
import SojournModel
import SojournTestKit
import Testing

@testable import SojournSQLite

/// What a lane remembers of its oldest queued task, against the tasks themselves.
@Suite struct LaneTableTests {
    @Test(arguments: 1...20)
    func theOldestIsABoundAndExactWhereItSaysSo(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let key = LaneTable.Key(lane: Lane(queue: "q", tenant: "t", priority: .high), type: "type")
        var entry = LaneTable.Entry(key: key, counts: TaskStatus.allCases.map { _ in 0 })
        var queued: [Timestamp] = []
        for _ in 0..<2_000 {
            switch Int.random(in: 0..<5, using: &random) {
            case 0, 1:
                let instant = Timestamp(microseconds: Int64.random(in: 0..<1_000, using: &random))
                entry.move(from: nil, to: .queued, availableAt: instant)
                queued.append(instant)
            case 2, 3:
                guard let index = queued.indices.randomElement(using: &random) else { continue }
                entry.move(from: .queued, to: .running, availableAt: nil)
                queued.remove(at: index)
            default:
                entry.move(from: .running, to: .succeeded, availableAt: nil)
            }
            guard let oldest = queued.min() else { continue }
            #expect(entry.oldest <= oldest)
            if entry.isOldestExact { #expect(entry.oldest == oldest) }
        }
    }

    @Test func whoDoesNotSaySinceWhenItWaitsIsNotOverlooked() {
        let key = LaneTable.Key(lane: Lane(queue: "q", tenant: "t", priority: .high), type: "type")
        var entry = LaneTable.Entry(key: key, counts: TaskStatus.allCases.map { _ in 0 })
        entry.move(from: nil, to: .queued, availableAt: Timestamp(microseconds: 5))
        #expect(entry.isOldestExact)
        entry.move(from: nil, to: .queued, availableAt: nil)
        #expect(!entry.isOldestExact && entry.oldest == .distantPast)
    }
}
#endif
