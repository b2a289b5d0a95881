import SojournCore
import SojournModel

extension ConformanceSuite {
    static let idempotencyChecks: [ConformanceCheck] = [
        ConformanceCheck("key: the same request is answered with the first task") { trial in
            let id = try await trial.enqueue(trial.newTask(key: "order-1"))
            try await trial.tick()
            for _ in 0..<3 {
                let again = try await trial.queue.enqueue([trial.newTask(key: "order-1")])
                try expectEqual(again, [.duplicate(of: id)], "answer to a repetition")
            }
            try expectEqual(try await trial.claim(10).map(\.message.id), [id], "tasks")
        },
        ConformanceCheck("key: another request with the same key is refused, alone") { trial in
            let id = try await trial.enqueue(trial.newTask(payload: [1], key: "k"))
            let other = trial.newTask(payload: [2], key: "k")
            let neighbour = trial.newTask(payload: [3])
            let answers = try await trial.queue.enqueue([other, neighbour])
            try expectEqual(answers, [.conflict(with: id), .inserted(neighbour.message.id)], "answers")
            try expectEqual(try await trial.store.task(other.message.id), nil, "the refused task")
            try expectEqual(try await trial.record(id).message.payload, [1], "payload of the first task")
        },
        ConformanceCheck("key: whose it is can be asked") { trial in
            let mine = try await trial.enqueue(trial.newTask(tenant: "a", payload: [1], key: "k"))
            let asked = [
                trial.newTask(tenant: "a", payload: [1], key: "k"), trial.newTask(tenant: "a", payload: [2], key: "k"),
                trial.newTask(tenant: "b", payload: [1], key: "k"), trial.newTask(tenant: "a", payload: [1]),
                trial.newTask(tenant: "a", payload: [1], key: "other"),
            ]
            try expectEqual(try await trial.store.owners(of: asked), [mine, mine, nil, nil, nil], "owners")
            try expectEqual(try await trial.store.owners(of: []), [], "of none")
            try expectEqual(try await trial.claim(10).count, 1, "tasks: who asks makes none")
        },
        ConformanceCheck("key: tenants do not share keys") { trial in
            let mine = trial.newTask(tenant: "a", payload: [1], key: "k")
            let yours = trial.newTask(tenant: "b", payload: [2], key: "k")
            try await trial.enqueue([mine, yours])
            let again = try await trial.queue.enqueue([trial.newTask(tenant: "b", payload: [2], key: "k")])
            try expectEqual(again, [.duplicate(of: yours.message.id)], "answer to b's repetition")
        },
        ConformanceCheck("key: twice in one batch is one task") { trial in
            let first = trial.newTask(payload: [1], key: "k")
            let same = trial.newTask(payload: [1], key: "k")
            let other = trial.newTask(payload: [2], key: "k")
            let answers = try await trial.queue.enqueue([first, same, other])
            let id = first.message.id
            try expectEqual(answers, [.inserted(id), .duplicate(of: id), .conflict(with: id)], "answers")
            try expectEqual(try await trial.claim(10).map(\.message.id), [id], "tasks")
        },
        ConformanceCheck("key: outlives the finished task") { trial in
            let id = try await trial.enqueue(trial.newTask(key: "k"))
            try await trial.settle(try await trial.claimOne())
            let again = try await trial.queue.enqueue([trial.newTask(key: "k")])
            try expectEqual(again, [.duplicate(of: id)], "answer after the task is over")
        },
        ConformanceCheck("asynq_275_key_not_leaked_by_delete") { trial in
            let id = try await trial.bury(trial.newTask(key: "k"))
            try expectEqual(try await trial.store.purge(matching: TaskFilter(), limit: 10), 1, "purged")
            let early = try await trial.queue.enqueue([trial.newTask(key: "k")])
            try expectEqual(early, [.duplicate(of: id)], "a key lives by its own age, not by its task's")
            try await trial.advance(.seconds(60))
            try await trial.prune(keys: trial.now)
            try await trial.enqueue(trial.newTask(key: "k"))
        },
        ConformanceCheck("key: forgotten by age, whatever its task does") { trial in
            try await trial.enqueue(trial.newTask(key: "old"))
            try await trial.advance(.seconds(60))
            let young = try await trial.enqueue(trial.newTask(key: "young"))
            try await trial.prune(keys: trial.now)
            let still = try await trial.queue.enqueue([trial.newTask(key: "young")])
            try expectEqual(still, [.duplicate(of: young)], "a key made at the cutoff")
            try await trial.enqueue(trial.newTask(key: "old"))
            try expectEqual(try await trial.claim(10).count, 3, "no task was deleted")
        },
        ConformanceCheck("oban_1087_unique_race") { trial in
            let keys = (0..<40).map { "key-\($0)" }
            let answers = try await withThrowingTaskGroup(of: [InsertResult].self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        var answers: [InsertResult] = []
                        for key in keys { answers += try await trial.queue.enqueue([trial.newTask(key: key)]) }
                        return answers
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for index in keys.indices {
                let ids = Set(answers.map { $0[index].task })
                try expectEqual(ids.count, 1, "tasks that \(keys[index]) was answered with")
                let inserted = answers.count { if case .inserted = $0[index] { true } else { false } }
                try expectEqual(inserted, 1, "times that \(keys[index]) was accepted")
            }
            try expectEqual(try await trial.claim(1_000).count, keys.count, "tasks")
        },
    ]
}

extension InsertResult {
    /// The task that an answer names.
    fileprivate var task: TaskID {
        switch self {
        case .inserted(let id), .duplicate(let id), .conflict(let id): id
        }
    }
}
