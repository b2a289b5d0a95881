import SojournCore
import SojournModel

extension Trial {
    /// Claims one by one until nothing is left; the identifiers in the order of their starts.
    fileprivate func order(_ promises: [QueueName: LeasePromise]) async throws -> [TaskID] {
        var order: [TaskID] = []
        while let next = try await claim(1, promises: promises).first { order.append(next.message.id) }
        return order
    }

    fileprivate func enqueue(_ count: Int, queue: QueueName) async throws -> [TaskID] {
        try await enqueue((0..<count).map { _ in newTask(queue: queue) })
    }
}

private func promise(_ seconds: Int, demotesLate: Bool = false) -> LeasePromise {
    LeasePromise(limit: .seconds(seconds), demotesLate: demotesLate)
}

extension ConformanceSuite {
    /// The rules of ``Dispatch``: what a claim hands out first where queues have promises.
    static let dispatchChecks: [ConformanceCheck] = [
        ConformanceCheck("dispatch: the earliest deadline goes first, whatever the queue") { trial in
            // A default task of a queue that promises ten seconds is due after five, by its weight.
            let promises = ["slow": promise(100), "fast": promise(20)] as [QueueName: LeasePromise]
            let slow = try await trial.enqueue(2, queue: "slow")
            try await trial.advance(.seconds(10))
            let fast = try await trial.enqueue(2, queue: "fast")
            try expectEqual(try await trial.order(promises), fast + slow, "while the fast queue has less time")
            let older = try await trial.enqueue(1, queue: "slow")
            try await trial.advance(.seconds(45))
            let newer = try await trial.enqueue(1, queue: "fast")
            let newest = try await trial.enqueue(1, queue: "slow")
            try expectEqual(try await trial.order(promises), older + newer + newest, "after the slow queue waited")
        },
        ConformanceCheck("dispatch: a batch goes by the deadlines too") { trial in
            let promises = ["slow": promise(100), "fast": promise(20)] as [QueueName: LeasePromise]
            let slow = try await trial.enqueue(30, queue: "slow")
            try await trial.tick()
            let fast = try await trial.enqueue(30, queue: "fast")
            let first = try await trial.claim(30, promises: promises).map(\.message.id)
            try expectEqual(Set(first), Set(fast), "thirty at once")
            let second = try await trial.claim(100, promises: promises).map(\.message.id)
            try expectEqual(Set(second), Set(slow), "all others at once")
        },
        ConformanceCheck("dispatch: a critical task goes ahead, but not for ever") { trial in
            let promises = [QueueName.default: promise(80)]
            let low = try await trial.enqueue(trial.newTask(priority: .low))
            try await trial.advance(.seconds(60))
            let early = try await trial.enqueue(trial.newTask(priority: .critical))
            try await trial.advance(.seconds(15))
            let late = try await trial.enqueue(trial.newTask(priority: .critical))
            try expectEqual(try await trial.order(promises), [early, low, late], "order of starts")
        },
        ConformanceCheck("dispatch: a late task stands behind, and gets every tenth start") { trial in
            let promises = ["p": promise(20, demotesLate: true)] as [QueueName: LeasePromise]
            let late = try await trial.enqueue(20, queue: "p")
            try await trial.advance(.seconds(30))
            let inTime = try await trial.enqueue(40, queue: "p")
            var order: [TaskID] = []
            for _ in 0..<20 { order += try await trial.claim(1, promises: promises).map(\.message.id) }
            order += try await trial.claim(20, promises: promises).map(\.message.id)
            let early = order.filter { late.contains($0) }
            try expect((3...5).contains(early.count), "four of forty starts are the late tasks', not \(early.count)")
            try expectEqual(early, Array(late.prefix(early.count)), "the late ones in order of arrival")
            let others = order.filter { inTime.contains($0) }
            try expectEqual(others, Array(inTime.prefix(others.count)), "those in time in order of arrival")
            let rest = try await trial.claim(100, promises: promises).map(\.message.id)
            try expectEqual(Set(order + rest), Set(late + inTime), "all in all")
        },
        ConformanceCheck("dispatch: without demotion a queue is served in order of arrival") { trial in
            let promises = [QueueName.default: promise(5)]
            var ids = try await trial.enqueue([trial.newTask(), trial.newTask(type: "other")])
            try await trial.advance(.seconds(10))
            try await trial.tick()
            ids += try await trial.enqueue([trial.newTask(type: "other"), trial.newTask()])
            try expectEqual(try await trial.order(promises), ids, "order of starts")
        },
        ConformanceCheck("dispatch: a queue without a promise gets every tenth start") { trial in
            let promises = ["p": promise(60)] as [QueueName: LeasePromise]
            _ = try await trial.enqueue(100, queue: "p")
            let plain = try await trial.enqueue(10, queue: "plain")
            var starts: [TaskID] = []
            for _ in 0..<30 { starts += try await trial.claim(1, promises: promises).map(\.message.id) }
            starts += try await trial.claim(30, promises: promises).map(\.message.id)
            let count = starts.count { plain.contains($0) }
            try expect((5...7).contains(count), "six of sixty starts are the plain queue's, not \(count)")
            _ = try await trial.claim(60, queues: ["p"], promises: promises)
            let rest = try await trial.claim(100, promises: promises).map(\.message.id)
            try expectEqual(Set(starts + rest).intersection(plain), Set(plain), "of the plain queue, in the end")
        },
        ConformanceCheck("dispatch: a paused queue holds nobody up, whatever it promised") { trial in
            let promises = ["p": promise(1, demotesLate: true), "q": promise(2)] as [QueueName: LeasePromise]
            let paused = try await trial.enqueue(5, queue: "p")
            try await trial.backend.setPaused("p", true)
            let served = try await trial.enqueue(2, queue: "q")
            let plain = try await trial.enqueue(2, queue: "plain")
            try expectEqual(try await trial.order(promises), served + plain, "while it is paused")
            try await trial.backend.setPaused("p", false)
            try expectEqual(try await trial.order(promises), paused, "after the resume")
        },
        ConformanceCheck("dispatch: the tenants of a promised queue take turns") { trial in
            let promises = [QueueName.default: promise(60, demotesLate: true)]
            try await trial.enqueue((0..<20).map { _ in trial.newTask(tenant: "flood") })
            let small = try await trial.enqueue((0..<4).map { _ in trial.newTask(tenant: "small") })
            var starts: [TaskID] = []
            for _ in 0..<4 { starts += try await trial.claim(1, promises: promises).map(\.message.id) }
            starts += try await trial.claim(6, promises: promises).map(\.message.id)
            let count = starts.count { small.contains($0) }
            try expectEqual(count, 4, "starts of the small tenant among the first ten")
        },
        ConformanceCheck("dispatch: what a claim may not take holds it up no more than what it found over") { trial in
            let promises = ["p": promise(60, demotesLate: true), "q": promise(30)] as [QueueName: LeasePromise]
            try await trial.enqueue([
                trial.newTask(type: "other", queue: "p"), trial.newTask(queue: "p", deadline: .seconds(1)),
                trial.newTask(queue: "q", deadline: .seconds(1)),
            ])
            try await trial.advance(.seconds(2))
            let ids = try await trial.enqueue([trial.newTask(queue: "plain"), trial.newTask(queue: "p")])
            let claimed = try await trial.claim(2, types: ["check"], promises: promises).map(\.message.id)
            try expectEqual(Set(claimed), Set(ids), "handed out")
        },
    ]
}
