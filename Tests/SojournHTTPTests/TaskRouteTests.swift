#if HTTP
import SojournCore
import SojournHTTP
import SojournModel
import SojournWire
import Testing

@Suite("Routes of tasks") struct TaskRouteTests {
    @Test(arguments: ["/tasks", "/task"])
    func enqueue(path: String) async throws {
        try await TestServer.with { server in
            let payload = #"{"b": 1.50,  "a":"\u00e9", "big":1e400}"#
            let reply = try await server.post(
                path, #"{"type":"email.send","payload": \#(payload) ,"queue":"mail","priority":"high"}"#)
            #expect(reply.status == 202)
            #expect(reply.header("content-type") == "application/json")
            let answer = try EnqueueAnswer(bytes: reply.body)
            #expect(answer.status == .queued && answer.queue == "mail" && answer.priority == .high)
            #expect(!answer.isDuplicate && answer.estimatedStart == nil)
            let record = try await server.queue.store.task(answer.taskID)
            #expect(record?.message.payload == Array(payload.utf8))
        }
    }

    @Test func everyFieldArrives() async throws {
        let time = ManualTime()
        try await TestServer.with(time: time) { server in
            let id = try await server.enqueue(
                """
                {"type":"t","queue":"q","tenant":"acme","priority":"low","delay_seconds":1.5,"max_retries":7,
                 "timeout_seconds":0.25,"deadline_seconds":60,"tags":["a","b:c"],
                 "retry":{"strategy":"linear","base_ms":10,"max_ms":20,"jitter":"none"}}
                """)
            let record = try #require(try await server.queue.store.task(id))
            let message = record.message
            #expect(message.lane == Lane(queue: "q", tenant: "acme", priority: .low))
            #expect(record.status == .scheduled && message.availableAt == time.now().advanced(by: .milliseconds(1_500)))
            #expect(message.maxRetries == 7 && message.timeout == .milliseconds(250))
            #expect(message.deadline == time.now().advanced(by: .seconds(60)))
            let policy = RetryPolicy(
                strategy: .linear, base: .milliseconds(10), cap: .milliseconds(20), jitter: .none)
            #expect(message.retry == policy && record.tags == ["a", "b:c"])
            #expect(message.payload == Array("null".utf8))
        }
    }

    @Test func traceContextIsKept() async throws {
        try await TestServer.with { server in
            let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            for (header, kept) in [(trace, trace), ("nonsense", nil)] {
                let reply = try await server.post("/tasks", #"{"type":"t"}"#, headers: [("traceparent", header)])
                let id = try EnqueueAnswer(bytes: reply.body).taskID
                #expect(try await server.queue.store.task(id)?.message.traceparent == kept)
            }
        }
    }

    @Test func idempotencyKeys() async throws {
        try await TestServer.with { server in
            let body = #"{"type":"t","payload":1}"#
            let key = [("Idempotency-Key", "order-1")]
            let first = try await server.post("/tasks", body, headers: key)
            #expect(first.status == 202)
            let id = try EnqueueAnswer(bytes: first.body).taskID
            let again = try await server.post("/tasks", body, headers: key)
            #expect(again.status == 200)
            let answer = try EnqueueAnswer(bytes: again.body)
            #expect(answer.taskID == id && answer.isDuplicate && answer.status == .queued)

            let other = try await server.post("/tasks", #"{"type":"t","payload":2}"#, headers: key)
            #expect(other.status == 422)
            let problem = try Problem(bytes: other.body)
            #expect(problem.taskID == id && problem.type == "urn:sojourn:problem:idempotency-key-reused")
            #expect(try await server.taskCount() == 1)

            let inBody = try await server.post("/tasks", #"{"type":"t","idempotency_key":"order-2"}"#)
            #expect(inBody.status == 202)
            let both = try await server.post(
                "/tasks", #"{"type":"t","idempotency_key":"order-2"}"#, headers: [("Idempotency-Key", "order-2")])
            #expect(both.status == 200)
        }
    }

    @Test func batch() async throws {
        try await TestServer.with { server in
            let reply = try await server.post(
                "/tasks/batch",
                """
                {"tasks":[{"type":"a","idempotency_key":"k"},{"type":"b","queue":"q"},
                 {"type":"a","idempotency_key":"k"},
                 {"type":"c","idempotency_key":"k"}]}
                """)
            #expect(reply.status == 202)
            let results = try EnqueueBatchAnswer(bytes: reply.body).results
            #expect(results.map(\.queue) == ["default", "q", "default", "default"])
            #expect(results[0].result == .inserted(results[0].taskID))
            #expect(results[2].result == .duplicate(of: results[0].taskID))
            #expect(results[3].result == .conflict(with: results[0].taskID))
            #expect(try await server.taskCount() == 2)
        }
    }

    @Test func aThousandAtOnceAndNotOneMore() async throws {
        try await TestServer.with { server in
            let tasks = Array(repeating: #"{"type":"t"}"#, count: 1_000)
            let full = try await server.post("/tasks/batch", #"{"tasks":[\#(tasks.joined(separator: ","))]}"#)
            #expect(full.status == 202)
            let more = (tasks + [#"{"type":"t"}"#]).joined(separator: ",")
            #expect(try await server.post("/tasks/batch", #"{"tasks":[\#(more)]}"#).status == 400)
            #expect(try await server.taskCount() == 1_000)
        }
    }

    @Test func oneBadTaskRefusesTheBatch() async throws {
        try await TestServer.with { server in
            let reply = try await server.post(
                "/tasks/batch", #"{"tasks":[{"type":"a"},{"type":"b"},{"type":"c","priority":"urgent"}]}"#)
            #expect(reply.status == 400)
            #expect(reply.text.contains("tasks[2].priority"))
            #expect(try await server.taskCount() == 0)
        }
    }

    @Test func showsATaskWithItsAttempts() async throws {
        try await TestServer.with { configuration in
            configuration.promises["default"] = QueuePromise(limit: .seconds(30))
        } _: { server in
            let id = try await server.enqueue()
            let before = try await server.get("/tasks/\(id)")
            #expect(before.status == 200)
            #expect(try TaskView(bytes: before.body).sla == SLAView(limit: .seconds(30), isMet: nil))
            let delivery = try #require(try await server.claim())
            #expect(try await server.complete(delivery, #""outcome":"failed","error":"no \u0000 route""#) == "ok")
            let view = try TaskView(bytes: try await server.get("/tasks/\(id)").body)
            #expect(view.record.status == .retrying && view.record.lastError == "no \u{FFFD} route")
            #expect(view.record.attempts.map(\.outcome) == ["failed"])
            #expect(view.record.message.payload == Array(#"{"to":"ellen"}"#.utf8))
        }
    }

    @Test func payloadsThatAreNoJSONTravelAsBase64() async throws {
        try await TestServer.with { server in
            let now = server.queue.time.now()
            let bytes: [UInt8] = [0xFF, 0, 1, 2]
            let message = TaskMessage(
                id: TaskID(high: 1, low: 1), type: "t", payload: bytes, enqueuedAt: now, availableAt: now)
            _ = try await server.queue.enqueue([NewTask(message: message)])
            let reply = try await server.get("/tasks/\(message.id)")
            #expect(reply.text.contains(#""payload_base64":"/wABAg==""#))
            #expect(try TaskView(bytes: reply.body).record.message.payload == bytes)
            #expect(try await server.claim()?.message.payload == bytes)
        }
    }

    @Test func lists() async throws {
        try await TestServer.with { server in
            for number in 0..<5 {
                try await server.enqueue(#"{"type":"t","queue":"q","tags":["n\#(number)"],"tenant":"acme"}"#)
            }
            try await server.enqueue(#"{"type":"other","delay_seconds":60}"#)
            let cases = [
                ("/tasks", 6), ("/tasks?queue=q", 5), ("/tasks?type=other", 1), ("/tasks?status=scheduled", 1),
                ("/tasks?tag=n3", 1), ("/tasks?tenant=acme&status=queued", 5), ("/tasks?tenant=nobody", 0),
            ]
            for (path, count) in cases {
                let reply = try await server.get(path)
                #expect(reply.status == 200)
                #expect(try TaskPageView(bytes: reply.body).tasks.count == count, "\(path)")
                #expect(!reply.text.contains("payload"))
            }
            let first = try TaskPageView(bytes: try await server.get("/tasks?queue=q&limit=3").body)
            let cursor = try #require(first.cursor)
            let second = try TaskPageView(bytes: try await server.get("/tasks?queue=q&limit=3&cursor=\(cursor)").body)
            let tags = (first.tasks + second.tasks).flatMap(\.record.tags)
            #expect(tags == ["n4", "n3", "n2", "n1", "n0"])
        }
    }

    @Test func cancels() async throws {
        try await TestServer.with { server in
            let waiting = try await server.enqueue()
            let path = "/tasks/\(waiting)/cancel"
            #expect(try await server.post(path).status == 200)
            #expect(try await server.post(path).status == 200)
            let running = try await server.enqueue()
            let delivery = try #require(try await server.claim())
            let asked = try await server.post("/tasks/\(running)/cancel")
            #expect(asked.status == 202)
            #expect(try CancelAnswer(bytes: asked.body) == CancelAnswer(taskID: running, status: .running))
            let beat = try await server.post(
                "/leases/extend",
                #"{"leases":[{"task_id":"\#(delivery.lease.task)","token":"\#(delivery.lease.token)"}]}"#)
            guard case .cancelled = try ExtendAnswer(bytes: beat.body).leases[0].status else {
                Issue.record("the handler is not told: \(beat.text)")
                return
            }
            #expect(try await server.complete(delivery, #""outcome":"cancelled""#) == "ok")
            let done = try await server.enqueue()
            let last = try #require(try await server.claim())
            #expect(try await server.complete(last, #""outcome":"succeeded","result":{"n": 1}"#) == "ok")
            let late = try await server.post("/tasks/\(done)/cancel")
            #expect(late.status == 409 && late.text.contains("succeeded"))
            #expect(try await server.post("/tasks/01979f3c-5d2a-7cc0-8a4e-0123456789ab/cancel").status == 404)
        }
    }
}
#endif
