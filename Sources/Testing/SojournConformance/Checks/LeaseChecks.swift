import SojournCore
import SojournModel

extension ConformanceSuite {
    static let leaseChecks: [ConformanceCheck] = [
        ConformanceCheck("lease: a delivery says which attempt it is and when it ends") { trial in
            let id = try await trial.enqueue()
            try await trial.advance(.seconds(3))
            let start = trial.now
            let delivery = try await trial.claimOne(lease: .seconds(40), worker: "w-1")
            try expectEqual(delivery.lease.task, id, "task of the lease")
            try expectEqual(delivery.lease.expiresAt, start.advanced(by: .seconds(40)), "end of the lease")
            try expectEqual(delivery.message.attempt, 1, "attempt")
            let record = try await trial.record(id)
            try expectEqual(record.status, .running, "status")
            try expectEqual(record.startedAt, start, "start")
            try expectEqual(record.message.attempt, 1, "attempts so far")
            let running = AttemptRecord(number: 1, worker: "w-1", startedAt: start)
            try expectEqual(record.attempts, [running], "the running attempt")
        },
        ConformanceCheck("lease: what one has nobody else gets") { trial in
            let id = try await trial.enqueue()
            let delivery = try await trial.claimOne(lease: .seconds(30))
            for _ in 0..<5 {
                try expectEqual(try await trial.claim(10).count, 0, "handed out while the lease holds")
                try await trial.advance(.seconds(5))
                _ = try await trial.backend.promote(limit: 10)
                try await trial.reap()
            }
            try await trial.settle(delivery)
            try await trial.expect(id, is: .succeeded, "in the end")
        },
        ConformanceCheck("goodjob_1599_pool_mode_single_runner") { trial in
            let ids = try await trial.enqueue((0..<200).map { _ in trial.newTask() })
            let claimed = try await withThrowingTaskGroup(of: [TaskID].self) { group in
                for claimer in 0..<16 {
                    group.addTask {
                        var mine: [TaskID] = []
                        while true {
                            let batch = try await trial.claim(1 + claimer % 3, worker: "w-\(claimer)")
                            if batch.isEmpty { return mine }
                            mine += batch.map(\.message.id)
                        }
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            try expectEqual(claimed.count, ids.count, "deliveries to 16 claimers")
            try expectEqual(Set(claimed), Set(ids), "tasks delivered")
        },
        ConformanceCheck("lease: every hand-out has a token of its own") { trial in
            try await trial.enqueue([trial.newTask(), trial.newTask()])
            var tokens: [LeaseToken] = []
            for _ in 0..<5 {
                let deliveries = try await trial.claim(2)
                tokens += deliveries.map(\.lease.token)
                for delivery in deliveries { try await trial.settle(delivery, .interrupted) }
            }
            try expectEqual(Set(tokens).count, 10, "different tokens in 10 hand-outs")
        },
        ConformanceCheck("begin: answers each delivery, and a fresh one shall run") { trial in
            try await trial.enqueue((0..<3).map { _ in trial.newTask() })
            let deliveries = try await trial.backend.lease(LeaseRequest(limit: 3)).deliveries
            try expectEqual(try await trial.store.begin(deliveries), [.run, .run, .run], "answers")
        },
        ConformanceCheck("extend: moves the end to so long from now") { trial in
            let id = try await trial.enqueue()
            let delivery = try await trial.claimOne(lease: .seconds(30))
            try await trial.advance(.seconds(20))
            let until = trial.now.advanced(by: .seconds(30))
            try expectEqual(
                try await trial.queue.heartbeat([delivery.lease], by: .seconds(30)), [.held(until: until)], "answer")
            try await trial.advance(.seconds(20))
            try expectEqual(try await trial.reap(), 0, "leases taken back ten seconds before the new end")
            try await trial.expect(id, is: .running, "after the first end")
            try await trial.settle(delivery)
        },
        ConformanceCheck("extend: may shorten") { trial in
            try await trial.enqueue(trial.newTask())
            let delivery = try await trial.claimOne(lease: .seconds(300))
            _ = try await trial.queue.heartbeat([delivery.lease], by: .seconds(10))
            try await trial.advance(.seconds(11))
            try expectEqual(try await trial.reap(), 1, "leases taken back after the new end")
        },
        ConformanceCheck("extend: answer i belongs to lease i") { trial in
            try await trial.enqueue([trial.newTask(), trial.newTask()])
            let held = try await trial.claimOne()
            let over = try await trial.claimOne()
            try await trial.settle(over)
            let forged = Lease(
                task: held.lease.task, token: over.lease.token, expiresAt: held.lease.expiresAt)
            let unknown = Lease(
                task: trial.newTask().message.id, token: held.lease.token, expiresAt: held.lease.expiresAt)
            let until = trial.now.advanced(by: .seconds(50))
            let answers = try await trial.queue.heartbeat(
                [forged, held.lease, over.lease, unknown], by: .seconds(50))
            try expectEqual(answers, [.lost, .held(until: until), .lost, .lost], "answers")
        },
        ConformanceCheck("extend: a lease that ended counts until somebody takes it back") { trial in
            try await trial.enqueue(trial.newTask())
            let delivery = try await trial.claimOne(lease: .seconds(10))
            try await trial.advance(.seconds(11))
            let until = trial.now.advanced(by: .seconds(10))
            let late = try await trial.queue.heartbeat([delivery.lease], by: .seconds(10))
            try expectEqual(late, [.held(until: until)], "answer after the end")
            try await trial.advance(.seconds(11))
            try expectEqual(try await trial.reap(), 1, "leases taken back")
            let tooLate = try await trial.queue.heartbeat([delivery.lease], by: .seconds(10))
            try expectEqual(tooLate, [.lost], "answer after it was taken back")
        },
        ConformanceCheck("deliveries: what leases stand for, nil where one no longer holds") { trial in
            try await trial.enqueue([trial.newTask(payload: [1]), trial.newTask(payload: [2])])
            let held = try await trial.claimOne()
            let over = try await trial.claimOne()
            try await trial.settle(over)
            let asked = [
                (held.lease.task, over.lease.token), (held.lease.task, held.lease.token),
                (over.lease.task, over.lease.token), (trial.newTask().message.id, held.lease.token),
            ].map { (task: $0, token: $1) }
            let answers = try await trial.store.deliveries(of: asked)
            try expectEqual(answers, [nil, held, nil, nil], "answers")
        },
        ConformanceCheck("hexpm_1825_long_job_runs_once") { trial in
            let id = try await trial.enqueue()
            let delivery = try await trial.claimOne(lease: .seconds(10))
            for _ in 0..<20 {
                try await trial.advance(.seconds(4))
                let answer = try await trial.queue.heartbeat([delivery.lease], by: .seconds(10))
                let until = trial.now.advanced(by: .seconds(10))
                try expectEqual(answer, [.held(until: until)], "heartbeat")
                try await trial.reap()
                try expectEqual(try await trial.claim(10).count, 0, "handed out a second time")
            }
            try await trial.settle(delivery)
            try expectEqual(try await trial.record(id).attempts.count, 1, "attempts")
        },
    ]
}
