import SojournCore
import SojournModel

extension ConformanceSuite {
    static let retryChecks: [ConformanceCheck] = [
        ConformanceCheck("failed: retrying until its time, then the next attempt") { trial in
            let id = try await trial.enqueue()
            try await trial.settle(try await trial.claimOne(), .failed(Failure("first")))
            var record = try await trial.record(id)
            try expectEqual(record.status, .retrying, "status")
            try expectEqual(record.lastError, "first", "error")
            try expectEqual(record.message.availableAt, trial.now.advanced(by: .seconds(10)), "when it is due")
            try await trial.advance(.seconds(9))
            _ = try await trial.backend.promote(limit: 10)
            try expectEqual(try await trial.claim(10).count, 0, "handed out before its time")
            try await trial.advance(.seconds(1))
            _ = try await trial.backend.promote(limit: 10)
            let second = try await trial.claimOne()
            try expectEqual(second.message.attempt, 2, "attempt")
            try await trial.settle(second, .failed(Failure("second", retryAfter: .seconds(2))))
            record = try await trial.record(id)
            try expectEqual(record.message.availableAt, trial.now.advanced(by: .seconds(2)), "asked for by the failure")
            try expectEqual(record.attempts.map(\.number), [1, 2], "numbers of the attempts")
            try expectEqual(record.attempts.map(\.error), ["first", "second"], "errors of the attempts")
            try expectEqual(record.attempts.map(\.outcome), ["failed", "failed"], "outcomes of the attempts")
            try expectEqual(record.lastError, "second", "last error")
        },
        ConformanceCheck("failed: a retry keeps every field") { trial in
            var task = trial.newTask(
                type: "full", queue: "q", tenant: "t", priority: .high, payload: [9], key: "k", tags: ["a"],
                maxRetries: 5, deadline: .seconds(3_600))
            task.message.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            task.message.timeout = .seconds(4)
            let id = try await trial.enqueue(task)
            for attempt in 1...3 {
                let delivery = try await trial.claimOne()
                var expected = task.message
                expected.attempt = attempt
                expected.availableAt = delivery.message.availableAt
                try expectEqual(delivery.message, expected, "attempt \(attempt)")
                try await trial.settle(delivery, .failed(Failure("flaky")))
                try await trial.advance(.seconds(10))
                _ = try await trial.backend.promote(limit: 10)
            }
            try expectEqual(try await trial.record(id).tags, ["a"], "tags")
        },
        ConformanceCheck("failed: as many retries as permitted, then dead") { trial in
            for retries in 0...2 {
                let id = try await trial.enqueue(trial.newTask(maxRetries: retries))
                for attempt in 1...(retries + 1) {
                    let delivery = try await trial.claimOne()
                    try expectEqual(delivery.message.attempt, attempt, "attempt")
                    try await trial.settle(delivery, .failed(Failure("no \(attempt)")))
                    try await trial.advance(.seconds(10))
                    _ = try await trial.backend.promote(limit: 10)
                }
                let record = try await trial.record(id)
                try expectEqual(record.status, .dead, "status after \(retries) retries")
                try expectEqual(record.deadReason, .retriesExhausted, "reason")
                try expectEqual(record.attempts.count, retries + 1, "attempts")
                try expectEqual(record.lastError, "no \(retries + 1)", "last error")
                try expectEqual(try await trial.claim(10).count, 0, "handed out again")
            }
        },
        ConformanceCheck("failed: not retryable is dead at once") { trial in
            let id = try await trial.enqueue(trial.newTask(maxRetries: 100))
            try await trial.settle(try await trial.claimOne(), .failed(Failure("bad input", isRetryable: false)))
            let record = try await trial.record(id)
            try expectEqual(record.status, .dead, "status")
            try expectEqual(record.deadReason, .notRetryable, "reason")
        },
        ConformanceCheck("failed: success after failures keeps the history") { trial in
            let id = try await trial.enqueue()
            try await trial.settle(try await trial.claimOne(), .failed(Failure("flaky")))
            try await trial.advance(.seconds(10))
            _ = try await trial.backend.promote(limit: 10)
            try await trial.settle(try await trial.claimOne(), .succeeded(result: [7]))
            let record = try await trial.record(id)
            try expectEqual(record.status, .succeeded, "status")
            try expectEqual(record.attempts.map(\.outcome), ["failed", "succeeded"], "outcomes")
            try expectEqual(record.attempts.map(\.error), ["flaky", nil], "errors")
            try expectEqual(record.lastError, "flaky", "what the last failed attempt said")
            try expectEqual(record.result, [7], "result")
        },
    ]
}
