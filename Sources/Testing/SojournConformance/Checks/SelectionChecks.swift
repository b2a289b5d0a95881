import SojournCore
import SojournModel

extension ConformanceSuite {
    static let selectionChecks: [ConformanceCheck] = [
        ConformanceCheck("order: a lane is first in, first out") { trial in
            var ids: [TaskID] = []
            for _ in 0..<12 {
                ids.append(try await trial.enqueue())
                try await trial.tick()
            }
            var claimed: [TaskID] = []
            for limit in [1, 3, 1, 7] { claimed += try await trial.claim(limit).map(\.message.id) }
            try expectEqual(claimed, ids, "order of hand-out")
        },
        ConformanceCheck("order: a batch keeps its order") { trial in
            let ids = try await trial.enqueue((0..<40).map { _ in trial.newTask() })
            var claimed: [TaskID] = []
            for _ in 0..<4 { claimed += try await trial.claim(10).map(\.message.id) }
            try expectEqual(claimed, ids, "order of hand-out")
        },
        ConformanceCheck("order: a delayed task stands where its time put it") { trial in
            let delayed = try await trial.enqueue(trial.newTask(after: .seconds(10)))
            try await trial.advance(.seconds(5))
            let before = try await trial.enqueue()
            try await trial.advance(.seconds(10))
            let after = try await trial.enqueue()
            _ = try await trial.backend.promote(limit: 10)
            try expectEqual(try await trial.claim(3).map(\.message.id), [before, delayed, after], "order of hand-out")
        },
        ConformanceCheck("queues: only those that were asked for; none = all") { trial in
            let tasks = ["a", "b", "c"].map { trial.newTask(queue: QueueName(trusted: $0)) }
            let ids = try await trial.enqueue(tasks)
            try expectEqual(try await trial.claim(10, queues: ["d"]).count, 0, "from a queue without tasks")
            try expectEqual(try await trial.claim(10, queues: ["b"]).map(\.message.id), [ids[1]], "from b")
            let rest = try await trial.claim(10).map(\.message.id)
            try expectEqual(Set(rest), [ids[0], ids[2]], "from all")
        },
        ConformanceCheck("queues: asking twice for one is asking once") { trial in
            try await trial.enqueue([trial.newTask(queue: "a"), trial.newTask(queue: "b")])
            try expectEqual(try await trial.claim(10, queues: ["a", "a", "b", "a"]).count, 2, "handed out")
        },
        ConformanceCheck("types: a worker gets none that it did not ask for") { trial in
            let known = try await trial.enqueue(trial.newTask(type: "known"))
            try await trial.enqueue(trial.newTask(type: "unknown"))
            try expectEqual(try await trial.claim(10, types: []).count, 0, "of no type")
            try expectEqual(try await trial.claim(10, types: ["else"]).count, 0, "of another type")
            let claimed = try await trial.claim(10, types: ["known", "else"])
            try expectEqual(claimed.map(\.message.id), [known], "of a known type")
            try expectEqual(try await trial.claim(10).count, 1, "of any type")
        },
        ConformanceCheck("types: those ahead in the lane that nobody asked for do not block") { trial in
            for _ in 0..<300 { try await trial.enqueue(trial.newTask(type: "unknown")) }
            try await trial.tick()
            let known = try await trial.enqueue(trial.newTask(type: "known"))
            try expectEqual(try await trial.claim(2, types: ["known"]).map(\.message.id), [known], "handed out")
        },
        ConformanceCheck("types: the oldest first across types") { trial in
            var ids: [TaskID] = []
            for index in 0..<12 {
                ids.append(try await trial.enqueue(trial.newTask(type: ["x", "y", "z"][index % 3])))
                try await trial.tick()
            }
            let wanted = ids.enumerated().filter { $0.offset % 3 != 2 }.map(\.element)
            var claimed: [TaskID] = []
            for _ in 0..<4 { claimed += try await trial.claim(2, types: ["x", "y"]).map(\.message.id) }
            try expectEqual(claimed, wanted, "order of hand-out")
        },
        ConformanceCheck("limit: never more, and all that wait if it allows") { trial in
            try await trial.enqueue((0..<5).map { _ in trial.newTask() })
            try expectEqual(try await trial.claim(0).count, 0, "with limit 0")
            try expectEqual(try await trial.claim(-1).count, 0, "with limit -1")
            try expectEqual(try await trial.claim(2).count, 2, "with limit 2")
            try expectEqual(try await trial.claim(1_000_000).count, 3, "with a high limit")
        },
        ConformanceCheck("limit: one claim takes from as many lanes as it needs") { trial in
            var tasks: [NewTask] = []
            for priority in Priority.allCases {
                for tenant in ["a", "b", "c"] {
                    for queue in ["p", "q"] {
                        tasks.append(
                            trial.newTask(
                                queue: QueueName(trusted: queue), tenant: Tenant(trusted: tenant), priority: priority))
                    }
                }
            }
            let ids = try await trial.enqueue(tasks)
            try expectEqual(Set(try await trial.claim(100).map(\.message.id)), Set(ids), "handed out")
        },
    ]
}
