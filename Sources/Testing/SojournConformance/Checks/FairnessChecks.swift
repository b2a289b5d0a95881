import SojournCore
import SojournModel

extension Trial {
    /// Claims one by one; how many came of each kind.
    fileprivate func starts<Kind: Hashable>(_ count: Int, by kind: (TaskMessage) -> Kind) async throws -> [Kind: Int] {
        var starts: [Kind: Int] = [:]
        for _ in 0..<count { starts[kind(try await claimOne().message), default: 0] += 1 }
        return starts
    }

    /// Fails the check unless every number is at most `slack` away from what it should be.
    fileprivate func expect<Kind: Hashable & Comparable>(
        _ starts: [Kind: Int], about shares: [Kind: Int], slack: Int = 2, _ when: String
    ) throws {
        for (kind, share) in shares.sorted(by: { $0.key < $1.key }) {
            let count = starts[kind] ?? 0
            try SojournConformance.expect(
                abs(count - share) <= slack, "\(when): \(kind) must start about \(share) times, not \(count)")
        }
    }
}

extension ConformanceSuite {
    static let fairnessChecks: [ConformanceCheck] = [
        ConformanceCheck("fairness: priorities share by weight") { trial in
            for priority in Priority.allCases {
                try await trial.enqueue((0..<60).map { _ in trial.newTask(priority: priority) })
            }
            let shares: [Priority: Int] = [.critical: 16, .high: 8, .default: 4, .low: 2]
            let single = try await trial.starts(30) { $0.priority }
            try trial.expect(single, about: shares, "one by one")
            let batch = try await trial.claim(30)
            let counts = Dictionary(batch.map { ($0.message.priority, 1) }, uniquingKeysWith: +)
            try trial.expect(counts, about: shares, "in one claim")
        },
        ConformanceCheck("asynq_907_low_priority_never_starves") { trial in
            try await trial.enqueue((0..<100).map { _ in trial.newTask(priority: .critical) })
            let low = try await trial.enqueue(trial.newTask(priority: .low))
            var started = 0
            while try await trial.claimOne().message.id != low {
                started += 1
                try expect(started <= 20, "a low task starts among the first 20 while critical ones flood its queue")
            }
        },
        ConformanceCheck("fairness: tenants take turns") { trial in
            try await trial.enqueue((0..<100).map { _ in trial.newTask(tenant: "flood") })
            for tenant in ["b", "c"] {
                try await trial.enqueue((0..<5).map { _ in trial.newTask(tenant: Tenant(trusted: tenant)) })
            }
            let starts = try await trial.starts(18) { $0.tenant }
            try trial.expect(starts, about: ["flood": 8, "b": 5, "c": 5], slack: 1, "while all have tasks")
        },
        ConformanceCheck("fairness: queues share evenly") { trial in
            try await trial.enqueue((0..<100).map { _ in trial.newTask(queue: "flood") })
            try await trial.enqueue((0..<30).map { _ in trial.newTask(queue: "small") })
            let starts = try await trial.starts(20) { $0.queue }
            try trial.expect(starts, about: ["flood": 10, "small": 10], "while both have tasks")
        },
        ConformanceCheck("fairness: who was away has saved up no credit") { trial in
            try await trial.enqueue((0..<60).map { _ in trial.newTask(priority: .critical) })
            try await trial.enqueue((0..<30).map { _ in trial.newTask(priority: .default) })
            _ = try await trial.starts(40) { $0.priority }
            try await trial.enqueue((0..<60).map { _ in trial.newTask(priority: .high) })
            let starts = try await trial.starts(14) { $0.priority }
            try trial.expect(starts, about: [.critical: 8, .high: 4, .default: 2], "after high came back")
        },
    ]
}
