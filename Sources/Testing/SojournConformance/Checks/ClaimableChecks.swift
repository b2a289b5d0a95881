import SojournCore
import SojournModel

extension Trial {
    fileprivate func claimable() throws -> any ClaimableStore {
        try require(store as? any ClaimableStore, "these checks need a claimable store")
    }

    /// Claims tasks by hints of the waits they are in, through the store itself.
    fileprivate func claim(
        _ ids: [TaskID], queues: [QueueName] = [], types: Set<TaskType>? = nil, limit: Int = 100
    ) async throws -> LeaseGrant {
        var hints: [Hint] = []
        for id in ids { hints.append(Hint(try await store.task(id)?.message ?? newTask().message.named(id))) }
        let request = LeaseRequest(queues: queues, types: types, limit: limit, duration: .seconds(30), worker: "worker")
        return try await claimable().claim(hints, for: request)
    }

    /// Everybody who waits in `line`, read in pages of `limit`.
    fileprivate func everybody(
        in line: HintLine, after: WaitingPlace = WaitingPlace(availableAt: .distantPast),
        before: Timestamp = .distantFuture, limit: Int
    ) async throws -> [Hint] {
        var look = WaitingLook(line: line, after: after, before: before, limit: limit)
        var hints: [Hint] = []
        while true {
            let page = try await claimable().waiting([look])[0]
            try SojournConformance.expect(page.hints.count <= limit, "a page has at most \(limit) hints")
            hints += page.hints
            guard let end = page.end else { return hints }
            look.after = end
        }
    }
}

private func line(_ task: NewTask) -> HintLine { Hint(task.message).line }

extension TaskMessage {
    /// The same under another identifier.
    fileprivate func named(_ id: TaskID) -> TaskMessage {
        var message = self
        message.id = id
        return message
    }
}

extension ConformanceSuite {
    /// For those that can be claimed by hint, so that hints elsewhere may say which tasks wait.
    public static let claimableChecks: [ConformanceCheck] = claimByHintChecks + whoWaitsChecks

    private static let claimByHintChecks: [ConformanceCheck] = [
        ConformanceCheck("claim by hint: what waits, in the order of the hints") { trial in
            let ids = try await trial.enqueue((0..<6).map { _ in trial.newTask(type: "a") })
            let wanted = [ids[4], ids[0], ids[2]]
            let grant = try await trial.claim(wanted)
            try expectEqual(grant.deliveries.map(\.message.id), wanted, "handed out")
            try expectEqual(grant.deliveries.map(\.message.attempt), [1, 1, 1], "attempts")
            for delivery in grant.deliveries { try await trial.settle(delivery) }
            try expectEqual(try await trial.claim(10).map(\.message.id), [ids[1], ids[3], ids[5]], "the others")
        },
        ConformanceCheck("claim by hint: what does not wait is left out") { trial in
            let all = try await trial.oneOfEach()
            let stranger = trial.newTask().message.id
            let ids = [stranger] + all.byStatus.values + all.byStatus.values + [stranger]
            let grant = try await trial.claim(ids)
            try expectEqual(grant.deliveries.map(\.message.id), [all.queued], "handed out")
            try expectEqual(grant.expired, [], "found to be over")
            try expectEqual(try await trial.claim([all.queued]), LeaseGrant(), "the same again")
            try expectEqual(try await trial.claim([] as [TaskID]), LeaseGrant(), "nothing")
        },
        ConformanceCheck("claim by hint: queue, type, pause and limit hold") { trial in
            let tasks = [trial.newTask(type: "a", queue: "p"), trial.newTask(type: "b", queue: "q")]
            let ids = try await trial.enqueue(tasks)
            try expectEqual(try await trial.claim(ids, queues: ["r"]), LeaseGrant(), "for another queue")
            try expectEqual(try await trial.claim(ids, types: ["c"]), LeaseGrant(), "for another type")
            try expectEqual(try await trial.claim(ids, limit: 0), LeaseGrant(), "for nobody")
            try await trial.backend.setPaused("p", true)
            try expectEqual(try await trial.claim(ids).deliveries.map(\.message.id), [ids[1]], "while p is paused")
            try await trial.backend.setPaused("p", false)
            let more = try await trial.enqueue([trial.newTask(), trial.newTask()])
            let grant = try await trial.claim([ids[0]] + more, limit: 2)
            try expectEqual(grant.deliveries.map(\.message.id), [ids[0], more[0]], "with limit 2")
        },
        ConformanceCheck("claim by hint: one past its deadline dies") { trial in
            let late = try await trial.enqueue(trial.newTask(deadline: .seconds(1)))
            let message = try await trial.record(late).message.withoutPayload
            try await trial.advance(.seconds(2))
            let inTime = try await trial.enqueue()
            let grant = try await trial.claim([late, inTime], limit: 1)
            try expectEqual(grant.deliveries.map(\.message.id), [inTime], "handed out")
            try expectEqual(grant.expired, [message], "found to be over")
            try expectEqual(try await trial.record(late).deadReason, .deadline, "reason")
        },
        ConformanceCheck("claim by hint: one of an earlier wait does not count") { trial in
            let id = try await trial.enqueue()
            let first = Hint(try await trial.record(id).message)
            let delivery = try await trial.claimOne()
            try await trial.advance(.seconds(1))
            try await trial.settle(delivery, .interrupted)
            let request = LeaseRequest(limit: 5, duration: .seconds(30), worker: "worker")
            try expectEqual(try await trial.claimable().claim([first], for: request), LeaseGrant(), "by the old hint")
            let second = Hint(try await trial.record(id).message)
            try expect(first.availableAt < second.availableAt, "a task that is handed back waits since then")
            let grant = try await trial.claimable().claim([first, second, second], for: request)
            try expectEqual(grant.deliveries.map(\.message.id), [id], "by the new one")
        },
        ConformanceCheck("claim by hint: of many who want one task, one gets it") { trial in
            let ids = try await trial.enqueue((0..<50).map { _ in trial.newTask() })
            let won = try await withThrowingTaskGroup(of: [TaskID].self) { group in
                for _ in 0..<8 {
                    group.addTask { try await trial.claim(ids.shuffled()).deliveries.map(\.message.id) }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            try expectEqual(won.sorted(), ids.sorted(), "handed out by all")
        },
    ]

    private static let whoWaitsChecks: [ConformanceCheck] = [
        ConformanceCheck("who waits: line by line, in order, in pages") { trial in
            let kinds = [trial.newTask(type: "a"), trial.newTask(type: "b"), trial.newTask(type: "a", tenant: "t")]
            var expected: [HintLine: [Hint]] = [:]
            for _ in 0..<3 {
                let tasks = (0..<9).map { index in
                    let kind = kinds[index % 3].message
                    return trial.newTask(type: kind.type, tenant: kind.tenant)
                }
                try await trial.enqueue(tasks)
                for task in tasks { expected[line(task), default: []].append(Hint(task.message)) }
                try await trial.tick()
            }
            try expectEqual(Set(try await trial.claimable().waitingLines()), Set(kinds.map(line)), "lines")
            for (line, hints) in expected {
                for limit in [1, 2, 3, 100] {
                    try expectEqual(try await trial.everybody(in: line, limit: limit), hints, "pages of \(limit)")
                }
            }
            let looks = kinds.map { WaitingLook(line: line($0), limit: 1) }
            let firsts = try await trial.claimable().waiting(looks + looks).map(\.hints)
            let wanted = kinds.map { Array(expected[line($0), default: []].prefix(1)) }
            try expectEqual(firsts, wanted + wanted, "answers in the order of the looks")
        },
        ConformanceCheck("who waits: from one instant, and before another") { trial in
            var ids: [TaskID] = []
            let start = trial.now
            for _ in 0..<6 {
                ids.append(try await trial.enqueue())
                try await trial.advance(.seconds(1))
            }
            let line = line(trial.newTask())
            let from = WaitingPlace(availableAt: start.advanced(by: .seconds(2)))
            let before = start.advanced(by: .seconds(4))
            try expectEqual(
                try await trial.everybody(in: line, after: from, limit: 1).map(\.id), Array(ids[2...]), "from")
            try expectEqual(
                try await trial.everybody(in: line, before: before, limit: 3).map(\.id), Array(ids[..<4]), "before")
            try expectEqual(
                try await trial.everybody(in: line, after: from, before: before, limit: 5).map(\.id), Array(ids[2..<4]),
                "between")
        },
        ConformanceCheck("who waits: only those, paused or not") { trial in
            let all = try await trial.oneOfEach()
            let line = line(trial.newTask())
            try await trial.backend.setPaused(.default, true)
            try expectEqual(try await trial.claimable().waitingLines(), [line], "lines")
            try expectEqual(try await trial.everybody(in: line, limit: 5).map(\.id), [all.queued], "who waits")
            try await trial.backend.setPaused(.default, false)
            _ = try await trial.claim(10)
            try expectEqual(try await trial.claimable().waitingLines(), [], "lines when nobody waits")
            try expectEqual(try await trial.claimable().waiting([WaitingLook(line: line)]), [WaitingPage()], "nobody")
            try expectEqual(try await trial.claimable().waiting([]), [], "no look")
        },
        ConformanceCheck("promote: says whom it made available") { trial in
            let tasks = [1, 3, 2].map { trial.newTask(type: "a", queue: "q", after: .seconds($0)) }
            try await trial.enqueue(tasks)
            try await trial.advance(.seconds(2))
            let (progress, hints) = try await trial.claimable().promoteHinting(limit: 10)
            try expectEqual(hints, [Hint(tasks[0].message), Hint(tasks[2].message)], "hints")
            try expectEqual(
                progress.arrivals, hints.map { Arrival(queue: "q", availableAt: $0.availableAt) }, "arrivals")
            try expectEqual(progress.nextDue, tasks[1].message.availableAt, "when the next one is due")
        },
    ]
}
