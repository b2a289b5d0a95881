import SojournCore
import SojournModel

extension ConformanceSuite {
    static let pauseChecks: [ConformanceCheck] = [
        ConformanceCheck("pause: the queue hands out nothing, others do") { trial in
            try await trial.enqueue([trial.newTask(queue: "a"), trial.newTask(queue: "b"), trial.newTask(queue: "b")])
            try await trial.backend.setPaused("b", true)
            try expectEqual(try await trial.backend.pausedQueues(), ["b"], "paused queues")
            try expectEqual(try await trial.claim(10, queues: ["b"]).count, 0, "from the paused queue")
            try expectEqual(try await trial.claim(10).map(\.message.queue), ["a"], "from all")
            try await trial.backend.setPaused("b", true)
            try await trial.backend.setPaused("b", false)
            try expectEqual(try await trial.backend.pausedQueues(), [], "paused queues after the resume")
            try expectEqual(try await trial.claim(10).count, 2, "handed out after the resume")
        },
        ConformanceCheck("pause: everything else goes on") { trial in
            let running = try await trial.enqueue()
            let delivery = try await trial.claimOne()
            try await trial.backend.setPaused(.default, true)
            let scheduled = try await trial.enqueue(trial.newTask(after: .seconds(5)))
            let until = trial.now.advanced(by: .seconds(30))
            try expectEqual(
                try await trial.queue.heartbeat([delivery.lease], by: .seconds(30)), [.held(until: until)], "heartbeat")
            try await trial.settle(delivery)
            try await trial.expect(running, is: .succeeded, "the task that ran")
            try await trial.advance(.seconds(5))
            try expectEqual(try await trial.backend.promote(limit: 10).moved, 1, "moved")
            try await trial.expect(scheduled, is: .queued, "the task that was due")
            try expectEqual(try await trial.claim(10).count, 0, "handed out")
        },
        ConformanceCheck("pause: a queue may be paused before it has tasks") { trial in
            try await trial.backend.setPaused("later", true)
            try await trial.enqueue(trial.newTask(queue: "later"))
            try expectEqual(try await trial.claim(10).count, 0, "handed out")
            try await trial.backend.setPaused("never", false)
            try expectEqual(try await trial.backend.pausedQueues(), ["later"], "paused queues")
        },
    ]
}
