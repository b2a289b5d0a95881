import SojournCore
import SojournModel

extension Trial {
    /// What a claim gets that waits behind one which is cancelled while `body` runs.
    fileprivate func claimBesideOneThatGivesUp(
        _ body: @escaping @Sendable () async throws -> Void
    ) async throws -> [Delivery] {
        let request = waiting()
        return try await withThrowingTaskGroup(of: [Delivery].self) { quitters in
            quitters.addTask { (try? await queue.claim(request)) ?? [] }
            await giveChance { subject.sleepers() > 0 }
            async let patient = queue.claim(request)
            await giveChance { subject.sleepers() > 1 }
            async let done: Void = body()
            quitters.cancelAll()
            try await done
            // Where the other one was quicker than its cancellation, it hands back what it got.
            for try await deliveries in quitters {
                for delivery in deliveries { try await settle(delivery, .interrupted) }
            }
            return try await patient
        }
    }
}

extension ConformanceSuite {
    static let waitingChecks: [ConformanceCheck] = [
        ConformanceCheck("waiting: woken by an enqueue") { trial in
            let task = trial.newTask()
            let claimed = try await trial.claim(trial.waiting()) { try await trial.enqueue(task) }
            try expectEqual(claimed.map(\.message.id), [task.message.id], "handed out")
        },
        ConformanceCheck("waiting: woken by a promote") { trial in
            let id = try await trial.enqueue(trial.newTask(after: .seconds(5)))
            try await trial.advance(.seconds(6))
            let claimed = try await trial.claim(trial.waiting()) {
                _ = try await trial.backend.promote(limit: 10)
            }
            try expectEqual(claimed.map(\.message.id), [id], "handed out")
        },
        ConformanceCheck("waiting: woken by a replay") { trial in
            let id = try await trial.bury(trial.newTask())
            let claimed = try await trial.claim(trial.waiting()) {
                try expectEqual(try await trial.queue.replay(matching: TaskFilter(), limit: 10), 1, "replayed")
            }
            try expectEqual(claimed.map(\.message.id), [id], "handed out")
        },
        ConformanceCheck("waiting: woken by a resume") { trial in
            try await trial.backend.setPaused("q", true)
            let id = try await trial.enqueue(trial.newTask(queue: "q"))
            let claimed = try await trial.claim(trial.waiting(queues: ["q"])) {
                try await trial.backend.setPaused("q", false)
            }
            try expectEqual(claimed.map(\.message.id), [id], "handed out")
        },
        ConformanceCheck("waiting: woken by an interrupted attempt") { trial in
            let id = try await trial.enqueue()
            let delivery = try await trial.claimOne()
            let claimed = try await trial.claim(trial.waiting()) { try await trial.settle(delivery, .interrupted) }
            try expectEqual(claimed.map(\.message.id), [id], "handed out")
        },
        ConformanceCheck("waiting: comes back with nothing at its end, and not before") { trial in
            let start = trial.now
            let claimed = try await trial.whileTimePasses("a waiting claim must return at its end") {
                try await trial.queue.claim(trial.waiting(wait: .seconds(5)))
            }
            try expectEqual(claimed.count, 0, "handed out")
            try expect(trial.now >= start.advanced(by: .seconds(5)), "the claim waits as long as it was asked to")
        },
        ConformanceCheck("waiting: returns promptly when it is cancelled") { trial in
            let claimed = try await inReasonableTime("a cancelled claim must return") {
                try await withThrowingTaskGroup(of: Int.self) { group in
                    let sleepers = trial.subject.sleepers()
                    group.addTask { (try? await trial.queue.claim(trial.waiting()).count) ?? 0 }
                    await giveChance { trial.subject.sleepers() > sleepers }
                    group.cancelAll()
                    return try await group.next()
                }
            }
            try expectEqual(claimed, 0, "handed out")
            let id = try await trial.enqueue()
            try expectEqual(try await trial.claim(10).map(\.message.id), [id], "what comes later is for others")
        },
        ConformanceCheck("waiting: who takes another task leaves its wake-up to others") { trial in
            let promise = "of two tasks and those who wait for them, each gets one"
            let claimed = try await inReasonableTime(promise) {
                try await withThrowingTaskGroup(of: [TaskID].self) { group in
                    // The first one is woken for the first task, and likes the second one better.
                    for queues: [QueueName] in [[], ["b"], ["a"]] {
                        let sleepers = trial.subject.sleepers()
                        group.addTask { try await trial.queue.claim(trial.waiting(queues: queues)).map(\.message.id) }
                        await giveChance { trial.subject.sleepers() > sleepers }
                    }
                    let tasks = [
                        trial.newTask(queue: "a", priority: .low), trial.newTask(queue: "b", priority: .critical),
                    ]
                    let expected = Set(try await trial.enqueue(tasks))
                    var claimed: Set<TaskID> = []
                    while claimed != expected, let ids = try await group.next() { claimed.formUnion(ids) }
                    group.cancelAll()
                    return claimed.count
                }
            }
            try expectEqual(claimed, 2, "handed out")
        },
        ConformanceCheck("run: ends when it is cancelled") { trial in
            try await inReasonableTime("a backend must stop running when it is cancelled") {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        do { try await trial.backend.run() } catch is CancellationError {}
                    }
                    for _ in 0..<20 { await Task.yield() }
                    group.cancelAll()
                    try await group.waitForAll()
                }
            }
        },
        ConformanceCheck("waiting: a request for nothing does not wait") { trial in
            try await inReasonableTime("a claim with limit 0 must return at once") {
                try expectEqual(try await trial.queue.claim(trial.waiting(limit: 0)).count, 0, "handed out")
            }
        },
        ConformanceCheck("waiting: woken for its own queue only") { trial in
            let wanted = trial.newTask(queue: "wanted")
            let claimed = try await trial.claim(trial.waiting(queues: ["wanted"])) {
                try await trial.enqueue(trial.newTask(queue: "other"))
                try await trial.enqueue(wanted)
            }
            try expectEqual(claimed.map(\.message.id), [wanted.message.id], "handed out")
        },
        ConformanceCheck("waiting: a claim that cannot run the task does not swallow the wake-up") { trial in
            let task = trial.newTask(type: "b")
            try await inReasonableTime("the claim for type b must get the task, though one for type a came first") {
                async let idle = trial.queue.claim(trial.waiting(types: ["a"]))
                await giveChance { trial.subject.sleepers() > 0 }
                let claimed = try await trial.claim(trial.waiting(types: ["b"])) { try await trial.enqueue(task) }
                try expectEqual(claimed.map(\.message.id), [task.message.id], "handed out to the claim for type b")
                try await trial.enqueue(trial.newTask(type: "a"))
                try expectEqual(try await idle.count, 1, "handed out to the claim for type a")
            }
        },
        ConformanceCheck("waiting: a claim that gives up does not swallow the wake-up") { trial in
            for _ in 0..<20 {
                let task = trial.newTask()
                let patient = try await inReasonableTime("the claim that stays must get the task") {
                    try await trial.claimBesideOneThatGivesUp { try await trial.enqueue(task) }
                }
                try expectEqual(patient.map(\.message.id), [task.message.id], "handed out to the claim that stayed")
            }
        },
        ConformanceCheck("waiting: as many claims are woken as tasks arrive") { trial in
            let tasks = (0..<5).map { _ in trial.newTask() }
            let claimed = try await inReasonableTime("five claims must get five tasks") {
                try await withThrowingTaskGroup(of: [TaskID].self) { group in
                    for _ in tasks {
                        group.addTask { try await trial.queue.claim(trial.waiting()).map(\.message.id) }
                    }
                    await giveChance { trial.subject.sleepers() >= tasks.count }
                    try await trial.enqueue(tasks)
                    return try await group.reduce(into: []) { $0 += $1 }
                }
            }
            try expectEqual(Set(claimed), Set(tasks.map(\.message.id)), "handed out")
        },
    ]
}
