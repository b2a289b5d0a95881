#if HTTP
import Foundation
import SojournCore
@testable import SojournHTTP
import SojournModel
import SojournTestKit
import SojournWire
import Testing

@Suite("The API description") struct OpenAPITests {
    private func document(_ server: TestServer) async throws -> (JSONObject, [UInt8]) {
        let reply = try await server.get("/openapi.json")
        #expect(reply.status == 200 && reply.header("content-type") == "application/json")
        return (try JSONValue(validating: reply.body).object(), reply.body)
    }

    @Test func hasEveryRouteAndNoOther() async throws {
        try await TestServer.with { server in
            let (document, _) = try await document(server)
            let paths = try document.required("paths").object()
            var described: Set<String> = []
            for (path, item) in paths.entries {
                for method in try item.object().names { described.insert("\(method.uppercased()) \(path)") }
            }
            #expect(
                described == [
                    "POST /tasks", "POST /task", "POST /tasks/batch", "GET /tasks/{task_id}", "GET /tasks",
                    "POST /tasks/{task_id}/cancel", "GET /queues", "GET /queues/{name}", "POST /queues/{name}/pause",
                    "POST /queues/{name}/resume", "GET /dead-letters", "POST /dead-letters/replay",
                    "DELETE /dead-letters", "GET /dead-letters/replays",
                    "DELETE /dead-letters/replays/{replay_id}",
                    "POST /leases", "POST /leases/extend", "POST /leases/complete", "POST /leases/leave",
                    "GET /stats", "GET /",
                    "GET /events",
                    "GET /healthz", "GET /readyz", "GET /metrics", "GET /openapi.json",
                ])
        }
    }

    /// `docs/openapi.json` and the table in `docs/http.md` are made from the routes; `SOJOURN_WRITE_DOCS=1 swift test
    /// --filter OpenAPI` writes them anew.
    @Test func thePagesInTheDocsAreCurrent() async throws {
        let bytes = try await TestServer.with { server in try await document(server).1 }
        let isWriting = ProcessInfo.processInfo.environment["SOJOURN_WRITE_DOCS"] == "1"
        let described = try Self.parsed(Data(bytes))
        if isWriting {
            let options: JSONSerialization.WritingOptions = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            var text = try JSONSerialization.data(withJSONObject: described, options: options)
            text.append(contentsOf: "\n".utf8)
            try text.write(to: DocsPage.url("openapi.json"))
        }
        let written = try Self.parsed(try Data(contentsOf: DocsPage.url("openapi.json")))
        #expect(described == written, "docs/openapi.json")

        var page = try DocsPage("http.md")
        let table = try Self.table(of: try JSONValue(validating: bytes).object())
        if isWriting { try page.replace(with: table) }
        #expect(page.block == table, "docs/http.md")
    }

    private static func parsed(_ json: Data) throws -> NSDictionary {
        try #require(try JSONSerialization.jsonObject(with: json) as? NSDictionary)
    }

    /// A row for each route: where, what for, and how it may answer.
    private static func table(of document: JSONObject) throws -> String {
        var rows = ["", "| request | does | answers |", "| --- | --- | --- |"]
        for (path, item) in try document.required("paths").object().entries {
            for (method, operation) in try item.object().entries {
                let operation = try operation.object()
                let statuses = try operation.required("responses").object().names.joined(separator: ", ")
                let summary = try operation.required("summary").string(maxBytes: 200)
                rows.append("| `\(method.uppercased()) \(path)` | \(summary) | \(statuses) |")
            }
        }
        return rows.joined(separator: "\n") + "\n\n"
    }

    @Test func everyReferenceLeadsSomewhere() async throws {
        try await TestServer.with { server in
            let (document, bytes) = try await document(server)
            let schemas = try document.required("components").object().required("schemas").object().names
            let text = String(decoding: bytes, as: UTF8.self)
            let references = text.matches(of: /#\/components\/schemas\/(\w+)/).map { String($0.output.1) }
            #expect(Set(references).subtracting(schemas).isEmpty)
            #expect(Set(schemas).subtracting(references).isEmpty, "described, but used nowhere")
        }
    }

    /// The fields of requests are those that the server knows: strict reading and description cannot drift apart.
    @Test(arguments: [
        ("EnqueueRequest", EnqueueRequest.fields), ("LeaseRequest", LeaseRequestBody.fields),
        ("ReplayRequest", ReplayBody.fields),
    ])
    func requestsHaveTheirFields(schema: String, fields: [String]) throws {
        let described = try #require(Schema.all.first { $0.name == schema }?.schema)
        guard case .object(let properties, _, let isClosed) = described else {
            Issue.record("\(schema) is no object")
            return
        }
        #expect(isClosed && Set(properties.map(\.name)) == Set(fields))
    }

    /// The document is valid OpenAPI 3.1, and what the server really answers is what it says.
    @Test(.enabled(if: Python.has(OpenAPICheck.modules)))
    func isValidAndTrue() async throws {
        let time = ManualTime()
        let input = try await TestServer.with(time: time) {
            $0.promises["default"] = QueuePromise(limit: .seconds(1), arrivalRate: 20)
        } _: { server in
            var samples: [(String, [UInt8])] = []
            try await collect(from: server, into: &samples)
            let (_, document) = try await document(server)
            #expect(samples.count == 28)
            // The check itself is checked: one wrong type, one field that nobody described.
            samples.append(("PurgeAnswer", Array(#"{"deleted":"all","spared":1}"#.utf8)))
            return Self.input(document, samples)
        }
        let (ending, output) = try await Python.run(OpenAPICheck.script, input: input)
        #expect(ending == .exit(0))
        #expect(
            output.split(separator: "\n") == [
                "PurgeAnswer: $.deleted: 'all' is not of type 'integer'", "PurgeAnswer: spared is not described",
            ])
    }

    private static func input(_ document: [UInt8], _ samples: [(String, [UInt8])]) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("document", raw: document)
            writer.array("samples") { writer in
                for (schema, body) in samples {
                    writer.array {
                        $0.value(schema)
                        $0.value(raw: body)
                    }
                }
            }
        }
        return writer.bytes
    }

    /// One body of every kind.
    private func collect(from server: TestServer, into samples: inout [(String, [UInt8])]) async throws {
        let request =
            #"{"type":"t","payload":[1],"priority":"high","tags":["a"],"retry":{"strategy":"fixed"},"max_retries":0}"#
        samples.append(("EnqueueRequest", Array(request.utf8)))
        samples.append(("EnqueueAnswer", try await server.post("/tasks", request).body))
        let batch = #"{"tasks":[{"type":"t","idempotency_key":"k"},{"type":"u","idempotency_key":"k"}]}"#
        samples.append(("EnqueueBatch", Array(batch.utf8)))
        samples.append(("EnqueueBatchAnswer", try await server.post("/tasks/batch", batch).body))
        let lease = #"{"limit":2,"wait_seconds":0,"lease_seconds":30,"worker":"w","queues":["default"]}"#
        samples.append(("LeaseRequest", Array(lease.utf8)))
        let leased = try await server.post("/leases", lease)
        samples.append(("LeaseAnswer", leased.body))
        let deliveries = try LeaseAnswer(bytes: leased.body).deliveries
        let references = deliveries.map { LeaseReference(task: $0.lease.task, token: $0.lease.token) }
        samples.append(("LeaseReference", references[0].bytes))
        var extend = JSONWriter()
        extend.value(ExtendBody(leases: references, duration: .seconds(30)))
        samples.append(("ExtendRequest", extend.bytes))
        samples.append(("ExtendAnswer", try await server.request("POST", "/leases/extend", bytes: extend.bytes).body))
        let complete = CompleteBody(
            results: [
                CompletedAttempt(lease: references[0], outcome: .failed(Failure("e")), runTime: .seconds(1)),
                CompletedAttempt(lease: references[1], outcome: .succeeded(result: Array("[1]".utf8))),
            ], worker: "w")
        samples.append(("CompleteRequest", complete.bytes))
        samples.append(
            ("CompleteAnswer", try await server.request("POST", "/leases/complete", bytes: complete.bytes).body))
        samples.append(("LeaveRequest", LeaveBody(worker: "w").bytes))
        samples.append(("LeaveAnswer", try await server.post("/leases/leave", #"{"worker":"w"}"#).body))
        for reference in references { samples.append(("Task", try await server.get("/tasks/\(reference.task)").body)) }
        try await collectRest(from: server, dead: references[0].task, into: &samples)
    }

    private func collectRest(
        from server: TestServer, dead: TaskID, into samples: inout [(String, [UInt8])]
    ) async throws {
        samples.append(("TaskPage", try await server.get("/tasks?limit=1").body))
        samples.append(("TaskPage", try await server.get("/dead-letters").body))
        samples.append(("Queue", try await server.get("/queues/default").body))
        samples.append(("QueueList", try await server.get("/queues").body))
        samples.append(("Stats", try await server.get("/stats").body))
        let replay = ReplayBody(filter: TaskFilter(queue: "q", type: "t", error: "e", ids: [dead]), ratePerSecond: 1)
        samples.append(("ReplayRequest", replay.bytes))
        // After its first dead letter it waits for the clock, which stands.
        let slow = ReplayBody(filter: TaskFilter(ids: [dead]), ratePerSecond: 1)
        let goesOn = try await server.request("POST", "/dead-letters/replay", bytes: slow.bytes)
        samples.append(("ReplayAnswer", goesOn.body))
        samples.append(("ReplayList", try await server.get("/dead-letters/replays").body))
        let id = try #require(try ReplayAnswer(bytes: goesOn.body).replayID)
        samples.append(("Replay", try await server.request("DELETE", "/dead-letters/replays/\(id)").body))
        samples.append(("PurgeAnswer", try await server.request("DELETE", "/dead-letters?queue=q").body))
        let waiting = try await server.enqueue()
        samples.append(("CancelAnswer", try await server.post("/tasks/\(waiting)/cancel").body))
        samples.append(("Health", try await server.get("/healthz").body))
        samples.append(("Problem", try await server.get("/nothing").body))
    }
}
#endif
