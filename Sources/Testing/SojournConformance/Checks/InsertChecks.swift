import SojournCore
import SojournModel

extension ConformanceSuite {
    static let insertChecks: [ConformanceCheck] = [
        ConformanceCheck("insert: answer i belongs to task i") { trial in
            let first = trial.newTask(key: "first")
            try await trial.enqueue(first)
            var other = trial.newTask(key: "first")
            other.fingerprint = first.fingerprint &+ 1
            let fresh = trial.newTask()
            let keyed = trial.newTask(key: "second")
            let answers = try await trial.queue.enqueue([fresh, other, trial.newTask(key: "first"), keyed])
            let expected: [InsertResult] = [
                .inserted(fresh.message.id), .conflict(with: first.message.id), .duplicate(of: first.message.id),
                .inserted(keyed.message.id),
            ]
            try expectEqual(answers, expected, "answers")
        },
        ConformanceCheck("empty batches are answered with nothing") { trial in
            try expect(try await trial.store.insert([]).isEmpty, "insert")
            try expect(try await trial.store.begin([]).isEmpty, "begin")
            try expect(try await trial.store.finish([]).isEmpty, "finish")
            try expect(try await trial.store.deliveries(of: []).isEmpty, "deliveries")
            try expect(try await trial.store.cancel([]).isEmpty, "cancel")
            try expect(try await trial.backend.extend([], by: .seconds(1)).isEmpty, "extend")
            try expect(try await trial.backend.settle([]).isEmpty, "settle")
            try await trial.backend.publish([])
            try expect(try await trial.claim(10).isEmpty, "nothing is handed out")
            try expect(try await trial.backend.depths().isEmpty, "there are no depths")
        },
        ConformanceCheck("insert: all or none") { trial in
            let long = [UInt8](repeating: 7, count: trial.backend.capabilities.payloadBytesMax + 1)
            let tasks = [trial.newTask(), trial.newTask(payload: long), trial.newTask(key: "k")]
            var refusal: BackendError?
            do throws(BackendError) { _ = try await trial.queue.enqueue(tasks) } catch { refusal = error }
            try expectEqual(refusal?.code, .rejected, "a payload that is too long")
            for task in tasks {
                try expect(try await trial.store.task(task.message.id) == nil, "nothing of a refused batch is there")
            }
            try await trial.enqueue(trial.newTask(key: "k"))
        },
        ConformanceCheck("insert: a thousand tasks at once") { trial in
            let tasks = (0..<Limits.enqueueBatch).map { trial.newTask(payload: [UInt8($0 % 256)]) }
            let ids = try await trial.enqueue(tasks)
            let claimed = try await trial.claim(Limits.claimBatch)
            try expectEqual(Set(claimed.map(\.message.id)), Set(ids), "handed out")
            let answers = try await trial.queue.complete(claimed.map { trial.report($0, .succeeded()) })
            try expectEqual(answers.count { $0 == .settled }, ids.count, "settled")
        },
        ConformanceCheck("insert: no more than there is room for, all or none") { trial in
            try await trial.enqueue([trial.newTask(queue: "q"), trial.newTask(queue: "q", priority: .low)])
            try await trial.enqueue([trial.newTask(queue: "p"), trial.newTask(queue: "q", after: .seconds(9))])
            func insert(_ tasks: [NewTask], room: [QueueName: Int]) async throws -> Bool {
                do {
                    let answers = try await trial.queue.accept(Admission(tasks, room: room))
                    try expectEqual(answers, tasks.map { .inserted($0.message.id) }, "answers")
                    return true
                } catch let error as BackendError {
                    try expectEqual(error.code, .throttled, "why there was no room")
                    for task in tasks where task.message.queue == "q" {
                        try expect(try await trial.store.task(task.message.id) == nil, "what was refused is not there")
                    }
                    return false
                }
            }
            func tasks(_ queues: QueueName...) -> [NewTask] { queues.map { trial.newTask(queue: $0) } }
            try expect(try await !insert(tasks("q"), room: ["q": 2]), "two wait already")
            try expect(try await !insert(tasks("q", "q"), room: ["q": 3]), "two more are one too many")
            try expect(try await !insert(tasks("p", "q"), room: ["q": 2, "p": 9]), "the other queue's goes with it")
            try expectEqual(try await trial.claim(10, queues: ["p"]).count, 1, "what waits in the other queue")
            try expect(
                try await insert([trial.newTask(queue: "q", after: .seconds(1))], room: ["q": 0]), "delayed ones")
            try expect(try await insert(tasks("q", "p"), room: ["q": 3]), "one more")
            try expect(try await insert(tasks("p"), room: ["q": 0]), "other queues")
            try expectEqual(try await trial.claim(1, queues: ["q"]).count, 1, "one starts")
            try expect(try await insert(tasks("q"), room: ["q": 3]), "which makes room")
        },
        ConformanceCheck("insert: what there was no room for leaves no key behind") { trial in
            try await trial.enqueue(trial.newTask(queue: "q"))
            func batch() -> [NewTask] { [trial.newTask(queue: "p", key: "k"), trial.newTask(queue: "q", key: "l")] }
            do {
                _ = try await trial.store.insert(batch(), room: ["q": 1])
                throw ConformanceFailure("there was no room", file: #fileID, line: #line)
            } catch let error as BackendError {
                try expectEqual(error.code, .throttled, "why there was no room")
            }
            try expectEqual(try await trial.store.owners(of: batch()), [nil, nil], "whose the keys are")
            let again = batch()
            let answers = try await trial.queue.enqueue(again)
            try expect(
                answers.allSatisfy { if case .conflict = $0 { false } else { true } }, "the same request is taken again"
            )
            try expectEqual(try await trial.claim(10, queues: ["p"]).count, 1, "tasks that can run")
            try expectEqual(try await trial.claim(10, queues: ["q"]).count, 2, "tasks that can run besides")
        },
        ConformanceCheck("insert: of many at once, no more get in than there is room for") { trial in
            let taken = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<60 {
                    let task = trial.newTask(priority: Priority.allCases[number % 4])
                    group.addTask {
                        do {
                            return try await trial.queue.accept(Admission([task], room: [.default: 20])).count
                        } catch let error as BackendError where error.code == .throttled {
                            return 0
                        }
                    }
                }
                return try await group.reduce(0, +)
            }
            try expectEqual(taken, 20, "taken")
            try expectEqual(try await trial.claim(100).count, 20, "waiting")
        },
        ConformanceCheck("insert: every field is kept and handed out") { trial in
            var task = trial.newTask(
                type: "full", queue: "q", tenant: "t", priority: .critical, payload: [0, 255], tags: ["a", "b:c"],
                maxRetries: 7, deadline: .seconds(60))
            task.message.retry = RetryPolicy(
                strategy: .linear, base: .milliseconds(1), cap: .seconds(9), jitter: .equal, spread: .seconds(1))
            task.message.timeout = .milliseconds(1_500)
            task.message.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            let id = try await trial.enqueue(task)
            let record = try await trial.record(id)
            try expectEqual(record, TaskRecord(message: task.message, status: .queued, tags: ["a", "b:c"]), "record")
            task.message.attempt = 1
            try expectEqual(try await trial.claimOne().message, task.message, "what is handed out")
        },
        ConformanceCheck("insert: now is queued, later is scheduled") { trial in
            let ids = try await trial.enqueue([trial.newTask(), trial.newTask(after: .seconds(1))])
            try await trial.expect(ids[0], is: .queued, "a task for now")
            try await trial.expect(ids[1], is: .scheduled, "a task for later")
        },
        ConformanceCheck("insert: the same identifier again overwrites nothing") { trial in
            let task = trial.newTask(payload: [1])
            try await trial.enqueue(task)
            var other = NewTask(message: task.message)
            other.message.payload = [2]
            other.fingerprint &+= 1
            do {
                let answers = try await trial.queue.enqueue([other])
                try expect(answers != [.inserted(task.message.id)], "an identifier is accepted once")
            } catch is BackendError {}
            try expectEqual(try await trial.record(task.message.id).message.payload, [1], "payload")
            try expectEqual(try await trial.claim(10).count, 1, "tasks handed out")
        },
        ConformanceCheck("an unknown task is no task") { trial in
            let stranger = trial.newTask().message.id
            try expectEqual(try await trial.store.task(stranger), nil, "record")
            try expectEqual(try await trial.store.cancel([stranger]), [.unknown], "cancel")
        },
        ConformanceCheck("publish: twice the same is once") { trial in
            let task = trial.newTask()
            try await trial.enqueue(task)
            try await trial.queue.publish([task.message])
            try await trial.queue.publish([task.message, task.message])
            try expectEqual(try await trial.claim(10).map(\.message.id), [task.message.id], "handed out")
            try await trial.queue.publish([task.message])
            try expectEqual(try await trial.claim(10).count, 0, "handed out again while it runs")
        },
        ConformanceCheck("publish: what was published is not reported as missed") { trial in
            try await trial.enqueue([trial.newTask(), trial.newTask(after: .seconds(5))])
            try expectEqual(try await trial.store.unpublished(limit: 10).count, 0, "missed messages")
        },
    ]
}
