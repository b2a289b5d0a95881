import SojournCore
import SojournModel

extension ConformanceSuite {
    static let fidelityChecks: [ConformanceCheck] = [
        ConformanceCheck("payload: comes out byte for byte") { trial in
            let longest = trial.backend.capabilities.payloadBytesMax
            let payloads: [[UInt8]] = [
                [], [0], [0, 0, 0], Array(0...255), Array("{\"a\": 1e400, \"a\": \"\\u0000\"}".utf8),
                [0xEF, 0xBB, 0xBF],
                [0xC3, 0x28, 0xFF, 0xFE], (0..<longest).map { UInt8(truncatingIfNeeded: $0 &* 31) },
            ]
            for payload in payloads {
                let id = try await trial.enqueue(trial.newTask(payload: payload))
                let delivery = try await trial.claimOne()
                try expect(delivery.message.payload == payload, "a payload of \(payload.count) bytes, handed out")
                try await trial.settle(delivery)
                let record = try await trial.record(id)
                try expect(record.message.payload == payload, "a payload of \(payload.count) bytes, on record")
            }
        },
        ConformanceCheck("result: comes out byte for byte") { trial in
            let longest = (0..<Limits.resultBytes).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            let results: [[UInt8]?] = [nil, [], [0], Array(0...255), longest]
            for result in results {
                let id = try await trial.enqueue()
                try await trial.settle(try await trial.claimOne(), .succeeded(result: result))
                try expect(try await trial.record(id).result == result, "a result of \(result?.count ?? -1) bytes")
            }
        },
        ConformanceCheck("result: one that is too long does not keep the task from its end") { trial in
            let id = try await trial.enqueue()
            let long = [UInt8](repeating: 65, count: Limits.resultBytes + 1)
            try await trial.settle(try await trial.claimOne(), .succeeded(result: long))
            let record = try await trial.record(id)
            try expectEqual(record.status, .succeeded, "status")
            try expect((record.result?.count ?? 0) <= Limits.resultBytes, "what is kept is within the limit")
            try expectEqual(record.lastError, nil, "error")
        },
        ConformanceCheck("hatchet_4611_nul_in_error_message") { trial in
            let outcomes: [Outcome] = [
                .failed(Failure("before\0after", isRetryable: false)), .discarded(reason: "before\0after"),
                .failed(Failure("before\0after")),
            ]
            for outcome in outcomes {
                let id = try await trial.enqueue()
                try await trial.settle(try await trial.claimOne(), outcome)
                let record = try await trial.record(id)
                let error = try require(record.lastError, "the error is kept")
                try expect(error.hasPrefix("before") && error.hasSuffix("after"), "the text around a NUL is kept")
                try expect(!error.unicodeScalars.contains("\0"), "a NUL is not")
                try expectEqual(record.attempts.last?.error, error, "error of the attempt")
                try expectEqual(try await trial.list(TaskFilter(error: "after", ids: [id])), [id], "found by its error")
            }
        },
        ConformanceCheck("error: a long text is cut between two characters") { trial in
            for text in ["x", "ä", "😀", "a😀"] {
                let id = try await trial.enqueue()
                let long = String(repeating: text, count: 2 * Limits.errorBytes)
                try await trial.settle(try await trial.claimOne(), .failed(Failure(long)))
                let record = try await trial.record(id)
                for error in [record.lastError, record.attempts.last?.error] {
                    let error = try require(error, "the error is kept")
                    try expect(error.utf8.count <= Limits.errorBytes, "no longer than its limit")
                    try expect(error.utf8.count > Limits.errorBytes / 2, "no shorter than need be")
                    let half = String(repeating: text, count: Limits.errorBytes / 2 / text.utf8.count)
                    try expect(error.hasPrefix(half), "its beginning is kept")
                    try expect(!error.unicodeScalars.contains("\u{FFFD}"), "no character is broken")
                }
            }
        },
        ConformanceCheck("error: any text comes out as it went in") { trial in
            let texts = [
                "", " ", "'; DROP TABLE tasks; --", "<script>alert(1)</script>", "a\nb\r\nc\t", "e\u{301} ≠ é", "👩‍👩‍👧‍👦",
                "\u{202E}abc", "%s %d \\x00", "\u{FFFF}\u{10FFFF}",
                String(repeating: "ü", count: Limits.errorBytes / 2),
            ]
            for text in texts {
                let id = try await trial.enqueue()
                try await trial.settle(try await trial.claimOne(worker: "w"), .failed(Failure(text)))
                let record = try await trial.record(id)
                let scalars = record.lastError.map { Array($0.unicodeScalars) }
                try expectEqual(scalars, Array(text.unicodeScalars), "last error")
                try expectEqual(record.attempts.last?.error, record.lastError, "error of the attempt")
            }
        },
        ConformanceCheck("names: the longest and the oddest that are allowed") { trial in
            let long = String(repeating: "n", count: Limits.nameLength)
            for name in [long, "-", "A.b_c:d-9", "..", "0"] {
                let task = trial.newTask(
                    type: TaskType(trusted: name), queue: QueueName(trusted: name), tenant: Tenant(trusted: name),
                    key: String(repeating: "~", count: Limits.idempotencyKeyLength), tags: [name])
                let id = try await trial.enqueue(task)
                let claimed = try await trial.claim(
                    1, queues: [QueueName(trusted: name)], types: [TaskType(trusted: name)])
                try expectEqual(claimed.map(\.message.id), [id], "handed out")
                try expectEqual(claimed.first?.message.lane, task.message.lane, "lane")
                try expectEqual(
                    try await trial.list(TaskFilter(type: TaskType(trusted: name), tag: name)), [id], "found by names")
            }
        },
        ConformanceCheck("promise: stays with the task as long as there is a record") { trial in
            let promises = [
                nil, StartPromise(within: .milliseconds(1_500)),
                StartPromise(within: .seconds(30), estimate: .microseconds(1_234_567)),
                StartPromise(within: .zero, estimate: .zero),
                StartPromise(within: Limits.horizon, estimate: Limits.horizon),
            ]
            for promise in promises {
                let id = try await trial.enqueue(trial.newTask(promise: promise))
                try expectEqual(try await trial.record(id).message.promise, promise, "on record")
                let delivery = try await trial.claimOne()
                try expectEqual(delivery.message.promise, promise, "handed out")
                let leases = [(task: id, token: delivery.lease.token)]
                try expectEqual(try await trial.store.deliveries(of: leases), [delivery], "found by its lease")
                try await trial.settle(delivery, .failed(Failure("broken", isRetryable: false)))
                try expectEqual(try await trial.queue.replay(matching: TaskFilter(ids: [id]), limit: 1), 1, "replayed")
                try await trial.settle(try await trial.claimOne())
                let page = try await trial.store.tasks(matching: TaskFilter(ids: [id]), limit: 1, cursor: nil)
                try expectEqual(page.tasks.map(\.message.promise), [promise], "listed in the end")
            }
        },
        ConformanceCheck("times and limits: the largest are kept") { trial in
            var task = trial.newTask(maxRetries: Limits.maxRetries)
            task.message.timeout = Limits.horizon
            task.message.deadline = trial.now.advanced(by: Limits.horizon)
            task.message.retry = RetryPolicy(base: Limits.horizon, cap: Limits.horizon, spread: Limits.horizon)
            let later = trial.newTask(after: Limits.horizon)
            let ids = try await trial.enqueue([task, later])
            try expectEqual(try await trial.record(ids[0]).message, task.message, "a task with large numbers")
            try expectEqual(try await trial.record(ids[1]).message, later.message, "a task for a far day")
            try expectEqual(
                try await trial.backend.promote(limit: 10).nextDue, later.message.availableAt, "when it is due")
        },
    ]
}
