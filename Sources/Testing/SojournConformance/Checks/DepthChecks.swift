import SojournCore
import SojournModel

extension ConformanceSuite {
    static let depthChecks: [ConformanceCheck] = [
        ConformanceCheck("depths: every status is counted") { trial in
            _ = try await trial.oneOfEach()
            let depths = try await trial.backend.depths()
            try expectEqual(depths.count, 1, "queues and priorities")
            let expected: [TaskStatus: Int] = [
                .scheduled: 1, .queued: 1, .running: 1, .retrying: 1, .succeeded: 1, .cancelled: 1, .dead: 1,
            ]
            try expectEqual(depths[0].counts.filter { $0.value != 0 }, expected, "counts")
            try expectEqual(depths[0].queue, .default, "queue")
            try expectEqual(depths[0].priority, .default, "priority")
        },
        ConformanceCheck("depths: apart by queue and priority, tenants together") { trial in
            var tasks: [NewTask] = []
            for (index, queue) in ["a", "b"].enumerated() {
                for priority in [Priority.high, .low] {
                    for tenant in ["x", "y"] {
                        for _ in 0...(index + priority.rawValue) {
                            tasks.append(
                                trial.newTask(
                                    queue: QueueName(trusted: queue), tenant: Tenant(trusted: tenant),
                                    priority: priority))
                        }
                    }
                }
            }
            try await trial.enqueue(tasks)
            for depth in try await trial.backend.depths() {
                let expected = tasks.count {
                    $0.message.queue == depth.queue && $0.message.priority == depth.priority
                }
                try expectEqual(depth.counts[.queued], expected, "queued in \(depth.queue), \(depth.priority.name)")
            }
            try expectEqual(try await trial.backend.depths().count, 4, "queues and priorities")
        },
        ConformanceCheck("depths: the oldest that waits, and none where none waits") { trial in
            let oldest = trial.now
            try await trial.enqueue([trial.newTask(), trial.newTask(queue: "later", after: .seconds(60))])
            try await trial.advance(.seconds(5))
            let second = trial.now
            try await trial.enqueue(trial.newTask(tenant: "other"))
            func oldestWaiting(_ queue: QueueName) async throws -> Timestamp? {
                let depths = try await trial.backend.depths()
                return depths.first { $0.queue == queue }?.oldestAvailableAt
            }
            try expectEqual(try await oldestWaiting(.default), oldest, "with two that wait")
            try expectEqual(try await oldestWaiting("later"), nil, "with one whose time has not come")
            let first = try require(try await trial.claim(1, types: ["check"]).first, "two wait")
            let isOldest = first.message.availableAt == oldest
            try expectEqual(try await oldestWaiting(.default), isOldest ? second : oldest, "with one that waits")
            _ = try await trial.claim(10)
            try expectEqual(try await oldestWaiting(.default), nil, "with none that waits")
        },
    ]
}
