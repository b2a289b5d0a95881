import SojournCore
import SojournModel

extension ConformanceSuite {
    static let cancelChecks: [ConformanceCheck] = [
        ConformanceCheck("cancel: every status has its answer, in order") { trial in
            let all = try await trial.oneOfEach()
            let asked = [
                all.queued, all.scheduled, all.retrying, all.running.message.id, all.succeeded, all.cancelled, all.dead,
                trial.newTask().message.id,
            ]
            let place = Arrival(try await trial.record(all.queued).message)
            let expected: [CancelResult] = [
                .cancelled(waiting: place), .cancelled(waiting: nil), .cancelled(waiting: nil), .requested,
                .final(.succeeded), .final(.cancelled), .final(.dead),
                .unknown,
            ]
            try expectEqual(try await trial.store.cancel(asked), expected, "answers")
            for id in asked[0..<3] {
                let record = try await trial.record(id)
                try expectEqual(record.status, .cancelled, "status")
                try expectEqual(record.finishedAt, trial.now, "end")
            }
            let running = try await trial.record(all.running.message.id)
            try expectEqual(running.status, .running, "the running one runs on")
            try expect(running.isCancelRequested, "the wish is on record")
            try expectEqual(
                try await trial.store.cancel([all.queued, all.running.message.id]), [.final(.cancelled), .requested],
                "answers to the same again")
        },
        ConformanceCheck("cancel: what was cancelled never runs") { trial in
            let ids = try await trial.enqueue([
                trial.newTask(), trial.newTask(after: .seconds(5)), trial.newTask(), trial.newTask(after: .seconds(5)),
            ])
            _ = try await trial.store.cancel([ids[0], ids[1]])
            try await trial.advance(.seconds(60))
            _ = try await trial.backend.promote(limit: 10)
            try expectEqual(try await trial.claim(10).map(\.message.id), [ids[2], ids[3]], "handed out")
        },
        ConformanceCheck("cancel: the handler is told at its next heartbeat") { trial in
            let ids = try await trial.enqueue([trial.newTask(), trial.newTask()])
            let stopped = try await trial.claimOne()
            let other = try await trial.claimOne()
            _ = try await trial.store.cancel([ids[0]])
            for _ in 0..<2 {
                try await trial.tick()
                let until = trial.now.advanced(by: .seconds(30))
                let answers = try await trial.queue.heartbeat([stopped.lease, other.lease], by: .seconds(30))
                try expectEqual(answers, [.cancelled(until: until), .held(until: until)], "answers")
            }
            try await trial.settle(stopped, .cancelled)
            try await trial.expect(ids[0], is: .cancelled, "after the handler stopped")
        },
        ConformanceCheck("cancel: a handler that succeeds all the same has succeeded") { trial in
            let id = try await trial.enqueue()
            let delivery = try await trial.claimOne()
            _ = try await trial.store.cancel([id])
            try await trial.settle(delivery)
            try await trial.expect(id, is: .succeeded, "after the handler was quicker")
        },
        ConformanceCheck("cancel: what was to be stopped is not handed out again") { trial in
            for outcome in [Outcome.failed(Failure("flaky")), .snoozed(.seconds(5)), .interrupted, .leaseExpired] {
                let id = try await trial.enqueue()
                let delivery = try await trial.claimOne(lease: .seconds(10))
                _ = try await trial.store.cancel([id])
                if outcome == .leaseExpired { try await trial.advance(.seconds(10)) }
                try await trial.settle(delivery, outcome)
                try await trial.expect(id, is: .cancelled, "at once after \(outcome.name)")
                try await trial.advance(.seconds(60))
                _ = try await trial.backend.promote(limit: 10)
                try expectEqual(try await trial.claim(10).count, 0, "handed out after \(outcome.name)")
                try await trial.expect(id, is: .cancelled, "after \(outcome.name)")
            }
        },
        ConformanceCheck("cancel and claim: of the two one wins, and both are told") { trial in
            for _ in 0..<20 {
                let task = trial.newTask()
                let id = try await trial.enqueue(task)
                async let claimed = trial.claim(1)
                async let answers = trial.store.cancel([id])
                let (deliveries, answer) = (try await claimed, try await answers[0])
                let stopped = CancelResult.cancelled(waiting: Arrival(task.message))
                try expectEqual(answer, deliveries.isEmpty ? stopped : .requested, "answer to the cancel")
                for delivery in deliveries { try await trial.settle(delivery, .cancelled) }
                try await trial.expect(id, is: .cancelled, "in the end")
            }
        },
        ConformanceCheck("cancel and finish: of the two one wins, and both are told") { trial in
            for _ in 0..<20 {
                let id = try await trial.enqueue()
                let delivery = try await trial.claimOne()
                async let finished = trial.finish(delivery)
                async let answers = trial.store.cancel([id])
                let (status, answer) = (try await finished, try await answers[0])
                try expectEqual(status, .settled, "answer to the finish")
                try expect(answer == .requested || answer == .final(.succeeded), "a cancel may ask or come too late")
                try await trial.expect(id, is: .succeeded, "in the end")
            }
        },
    ]
}
