#if HTTP
import SojournCore
import SojournModel
import SojournWire
import Testing

@Suite("Bad input") struct BadInputTests {
    /// Every field wrong in every way: refused with a problem that names it, and nothing is written.
    @Test func isRefusedByName() async throws {
        #expect(BadRequest.all.count > 150)
        try await TestServer.with { server in
            for bad in BadRequest.all {
                let reply = try await server.request("POST", bad.path, bytes: bad.body)
                let problem = try? Problem(bytes: reply.body)
                #expect(reply.status == bad.status, "\(bad.testDescription): \(reply.text)")
                #expect(reply.header("content-type") == "application/problem+json")
                #expect(problem?.status == reply.status && problem?.title.isEmpty == false)
                #expect(problem?.detail.contains(bad.mention) == true, "\(bad.testDescription): \(reply.text)")
                #expect(reply.body.count < 1_024)
            }
            #expect(try await server.taskCount() == 0)
        }
    }

    @Test(arguments: [
        ("/tasks?limit=0", "limit"), ("/tasks?limit=501", "limit"), ("/tasks?limit=1.5", "limit"),
        ("/tasks?limit=99999999999999999999", "limit"), ("/tasks?limit=1&limit=2", "limit"),
        ("/tasks?status=ready", "status"), ("/tasks?queue=a%20b", "queue"), ("/tasks?queue=", "queue"),
        ("/tasks?color=red", "color"), ("/tasks?cursor=%00", "cursor"), ("/tasks?cursor=first", "cursor"),
        ("/tasks?tag=%7B%7D", "tag"), ("/tasks/12", "task_id"),
        ("/tasks/01979f3c-5d2a-7cc0-8a4e-0123456789ag", "task_id"),
        ("/tasks/01979f3c-5d2a-7cc0-8a4e-0123456789ab?full=1", "full"), ("/queues/a%20b", "name"),
        ("/dead-letters?limit=-1", "limit"), ("/dead-letters?error=%00", "error"),
        ("/dead-letters?status=dead", "status"),
        ("/stats?x=1", "x"), ("/dead-letters?error=%f", "error"), ("/dead-letters?error=%ff", "error"),
        ("/queues?x", "x"),
    ])
    func inAnAddressIsRefusedByName(path: String, mention: String) async throws {
        try await TestServer.with { server in
            let reply = try await server.get(path)
            #expect(reply.status == 400)
            #expect(try Problem(bytes: reply.body).detail.contains(mention), "\(reply.text)")
        }
    }

    @Test(arguments: [
        "limit=0", "limit=100001", "task_ids=", "task_ids=x", "task_ids=01979f3c-5d2a-7cc0-8a4e-0123456789ab,",
        "cursor=1",
    ])
    func inADeletionDeletesNothing(query: String) async throws {
        try await TestServer.with { server in
            try await server.enqueue()
            let delivery = try #require(try await server.claim())
            _ = try await server.complete(delivery, #""outcome":"discarded""#)
            let reply = try await server.request("DELETE", "/dead-letters?\(query)")
            #expect(reply.status == 400)
            #expect(try await server.taskCount() == 1)
        }
    }

    @Test(arguments: ["", "a b", "\u{e9}", String(repeating: "k", count: 256)])
    func inTheIdempotencyHeaderIsRefused(key: String) async throws {
        try await TestServer.with { server in
            let text = TestServer.head("POST", "/tasks", host: server.host, length: 12)
                .replacing("\r\n\r\n", with: "\r\nIdempotency-Key: \(key)\r\n\r\n")
            let reply = try await server.raw { socket in
                try socket.send(text + #"{"type":"t"}"#)
                return try socket.reply()
            }
            #expect(reply.status == 400 && reply.text.contains("Idempotency-Key"))
        }
    }

    @Test func keysInHeaderAndBodyMustAgree() async throws {
        try await TestServer.with { server in
            let header = [("Idempotency-Key", "a")]
            let body = try await server.post("/tasks", #"{"type":"t","idempotency_key":"b"}"#, headers: header)
            #expect(body.status == 400 && body.text.contains("idempotency_key"))
            let batch = try await server.post("/tasks/batch", #"{"tasks":[{"type":"t"}]}"#, headers: header)
            #expect(batch.status == 400 && batch.text.contains("Idempotency-Key"))
            #expect(try await server.taskCount() == 0)
        }
    }

    /// The ends of every range are inside it.
    @Test(arguments: [
        #""max_retries":0"#, #""max_retries":1000"#, #""delay_seconds":0"#, #""delay_seconds":-0.0"#,
        #""delay_seconds":316224000"#, #""timeout_seconds":0.001"#, #""timeout_seconds":316224000"#,
        #""deadline_seconds":0.001"#, #""retry":{"base_ms":0,"max_ms":316224000000}"#, #""retry":{}"#,
        #""run_at":"0001-01-01T00:00:00Z""#, #""tags":[]"#, #""queue":null,"tags":null,"retry":null"#,
        #""payload":"\u0000\ud800""#, #""payload":1e400"#, #""payload":{"a":1,"a":2}"#,
    ])
    func boundsAreAccepted(field: String) async throws {
        try await TestServer.with { server in
            let reply = try await server.post("/tasks", #"{"type":"t",\#(field)}"#)
            #expect(reply.status == 202, "\(reply.text)")
        }
    }

    @Test func theDeepestAndTheLongestPayload() async throws {
        try await TestServer.with { server in
            let longest = "\"" + String(repeating: "x", count: Limits.payloadBytes - 2) + "\""
            for payload in [BadRequest.nested(63), longest] {
                let id = try await server.enqueue(#"{"type":"t","payload":\#(payload)}"#)
                let shown = try TaskView(bytes: try await server.get("/tasks/\(id)").body)
                #expect(shown.record.message.payload == Array(payload.utf8))
                #expect(try await server.claim()?.message.payload == Array(payload.utf8))
            }
        }
    }
}
#endif
