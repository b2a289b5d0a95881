import SojournCore
import SojournModel
import SojournWire
import Testing

@Suite("Enqueue requests") struct EnqueueRequestTests {
    private let now = Timestamp(microseconds: 1_767_225_600_000_000)

    private func read(_ text: String, key: String? = nil, trace: String? = nil) throws -> NewTask {
        var random = SystemRandomNumberGenerator()
        let context = EnqueueRequest.Context(now: now, idempotencyKey: key, traceparent: trace)
        return try EnqueueRequest.task(from: JSONValue(validating: Array(text.utf8)), context, random: &random)
    }

    @Test func payloadsStayAsTheyAre() throws {
        for payload in [#"{ "b":1.50,"a" : "\u00e9\u0000" }"#, "1e1310", "null", "-0", #""\ud800""#, "[ ]"] {
            let task = try read(#"{"type":"t", "payload" :  \#(payload)  }"#)
            #expect(task.message.payload == Array(payload.utf8))
        }
        #expect(try read(#"{"type":"t"}"#).message.payload == Array("null".utf8))
    }

    @Test func nothingSaidMeansTheDefaults() throws {
        let task = try read(#"{"type":"t","queue":null,"tags":null,"delay_seconds":null}"#)
        let message = task.message
        #expect(message.lane == Lane(queue: .default, tenant: .default, priority: .default))
        #expect(message.enqueuedAt == now && message.availableAt == now && message.deadline == nil)
        #expect(message.maxRetries == nil && message.retry == nil && message.timeout == nil)
        #expect(task.idempotencyKey == nil && task.tags.isEmpty)
    }

    @Test(
        arguments: [
            (#""delay_seconds":0"#, 0), (#""delay_seconds":1.5"#, 1_500_000), (#""delay_seconds":0.000001"#, 1),
            (#""delay_seconds":30.000001"#, 30_000_001), (#""delay_seconds":316224000"#, 316_224_000_000_000),
            (#""run_at":"2026-01-01T00:00:02.5Z""#, 2_500_000), (#""run_at":"2026-01-01T01:00:01+01:00""#, 1_000_000),
            (#""run_at":"1999-01-01T00:00:00Z""#, 0),
        ] as [(String, Int64)])
    func startsLater(field: String, microseconds: Int64) throws {
        let message = try read(#"{"type":"t",\#(field)}"#).message
        #expect(message.availableAt.duration(since: now) == .microseconds(microseconds))
    }

    /// The same request has the same fingerprint, another one another: the bytes decide, not their meaning.
    @Test func fingerprints() throws {
        let text = #"{"type":"t","payload":1}"#
        let first = try read(text, key: "k")
        #expect(try read("  \(text)\n", key: "k").fingerprint == first.fingerprint)
        for other in [#"{"payload":1,"type":"t"}"#, #"{"type":"t","payload":1.0}"#, #"{"type":"t", "payload":1}"#] {
            #expect(try read(other, key: "k").fingerprint != first.fingerprint)
        }
        #expect(try read(text, key: "k").message.id != first.message.id)
    }

    @Test func inABatchEachTaskHasItsOwnFingerprint() throws {
        let text = #"{"tasks":[{"type":"t","idempotency_key":"a"},{"type":"t","idempotency_key":"b"}]}"#
        var random = SystemRandomNumberGenerator()
        let tasks = try EnqueueRequest.batch(
            from: JSONValue(validating: Array(text.utf8)), .init(now: now), random: &random)
        #expect(tasks.map(\.idempotencyKey) == ["a", "b"] && tasks[0].fingerprint != tasks[1].fingerprint)
        let alone = try read(#"{"type":"t","idempotency_key":"a"}"#)
        #expect(alone.fingerprint == tasks[0].fingerprint)
    }

    @Test func retriesFillUpFromTheServersPolicy() throws {
        var random = SystemRandomNumberGenerator()
        let server = RetryPolicy(strategy: .fixed, base: .seconds(9), cap: .seconds(99), jitter: .none)
        let json = try JSONValue(validating: Array(#"{"type":"t","retry":{"max_ms":50}}"#.utf8))
        let task = try EnqueueRequest.task(from: json, .init(now: now, retry: server), random: &random)
        var expected = server
        expected.cap = .milliseconds(50)
        #expect(task.message.retry == expected)
    }

    @Test(arguments: [
        ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true),
        ("00-4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7-01", false),
        ("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false),
        ("00-00000000000000000000000000000000-00f067aa0ba902b7-01", false),
        ("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", false),
        ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7", false), ("", false), ("00---", false),
    ])
    func traceContexts(text: String, isValid: Bool) {
        #expect(Traceparent.isValid(text) == isValid)
    }

    /// What a client writes is what the server reads, whatever the client's clock says.
    @Test func aClientsTaskArrives() throws {
        let clock = Timestamp(microseconds: 1)
        var sent = NewTask(
            message: TaskMessage(
                id: TaskID(high: 0, low: 0), type: "t", queue: "q", tenant: "acme", priority: .critical,
                payload: Array("[1]".utf8), maxRetries: 0, retry: RetryPolicy(jitter: .equal), timeout: .seconds(2),
                deadline: clock.advanced(by: .seconds(100)), enqueuedAt: clock,
                availableAt: clock.advanced(by: .microseconds(1_000_001)),
                traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
            idempotencyKey: "k", tags: ["a"])
        var writer = JSONWriter()
        writer.value(EnqueueBody(sent))
        var read = try read(String(decoding: writer.bytes, as: UTF8.self))
        #expect(read.message.availableAt == now.advanced(by: .microseconds(1_000_001)))
        #expect(read.message.deadline == now.advanced(by: .seconds(100)))
        for path in [\NewTask.message.enqueuedAt, \.message.availableAt] { read[keyPath: path] = sent[keyPath: path] }
        read.message.deadline = sent.message.deadline
        sent.message.id = read.message.id
        read.fingerprint = sent.fingerprint
        #expect(read == sent)
    }
}

@Suite("Error messages from workers") struct MessageTests {
    private func message(_ text: String) throws -> String {
        let body =
            #"{"task_id":"01979f3c-5d2a-7cc0-8a4e-0123456789ab","token":"00000000000000000000000000000000","#
            + #""outcome":"failed","error":\#(text)}"#
        guard case .failed(let failure) = try CompletedAttempt(bytes: Array(body.utf8)).outcome else { return "" }
        return failure.message
    }

    /// Whatever a worker says about a failure, the report counts.
    @Test(arguments: [
        (#""plain""#, "plain"), (#""""#, ""), (#""a\u0000b""#, "a\u{FFFD}b"), (#""\ud800""#, "\u{FFFD}"),
        (#""\ude00\ud83d""#, "\u{FFFD}\u{FFFD}"), (#""\ud83d\ude00\u0000""#, "😀\u{FFFD}"),
        (#""\ud83d\\ude00\u0000""#, "\u{FFFD}\\ude00\u{FFFD}"), (#""\\u0000\u0000""#, "\\u0000\u{FFFD}"),
        (#""\u0000\n\"\u00e9""#, "\u{FFFD}\n\"é"), (#""\ud83d\u0041""#, "\u{FFFD}A"),
        (#""\u0041\nabc\u0000""#, "A\nabc\u{FFFD}"), (#""\u0041\u0042\u0000x""#, "AB\u{FFFD}x"),
    ])
    func areMended(text: String, expected: String) throws {
        #expect(try message(text) == expected)
    }

    @Test func areCut() throws {
        let long = try message("\"\(String(repeating: "é", count: Limits.errorBytes))\"")
        #expect(long.utf8.count <= Limits.errorBytes && long.utf8.count > Limits.errorBytes - 8)
        let escaped = try message("\"\(String(repeating: "\\u0000", count: 40_000))\"")
        #expect(escaped.utf8.count <= Limits.errorBytes && escaped.hasPrefix("\u{FFFD}\u{FFFD}"))
    }
}
