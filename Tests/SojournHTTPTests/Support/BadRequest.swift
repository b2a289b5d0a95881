#if HTTP
import SojournModel
import Testing

/// A request that must be refused, with the status and what the answer must name.
struct BadRequest: Sendable, CustomTestStringConvertible {
    let path: String
    let body: [UInt8]
    let status: Int
    let mention: String

    init(_ body: String, _ mention: String, path: String = "/tasks", status: Int = 400) {
        self.init(bytes: Array(body.utf8), mention, path: path, status: status)
    }

    init(bytes: [UInt8], _ mention: String, path: String = "/tasks", status: Int = 400) {
        self.path = path
        self.body = bytes
        self.status = status
        self.mention = mention
    }

    var testDescription: String { "\(path) \(String(decoding: body.prefix(80), as: UTF8.self))" }

    /// An enqueue request with one field besides its type.
    static func field(_ name: String, _ value: String, _ mention: String? = nil) -> BadRequest {
        BadRequest(#"{"type":"t","\#(name)":\#(value)}"#, mention ?? name)
    }

    static let notJSON: [BadRequest] = [
        BadRequest("", "JSON"), BadRequest("   ", "JSON"), BadRequest("{", "JSON"), BadRequest("[]", "object"),
        BadRequest("null", "object"), BadRequest("\"t\"", "object"), BadRequest("{}", "type is required"),
        BadRequest(#"{"type":"t"} x"#, "JSON"), BadRequest(#"{"type":"t",}"#, "JSON"),
        BadRequest(#"{"type":'t'}"#, "JSON"), BadRequest(#"{type:"t"}"#, "JSON"),
        BadRequest(#"{"type":"t" "queue":"q"}"#, "JSON"), BadRequest(#"{"type":"t","payload":NaN}"#, "JSON"),
        BadRequest(#"{"type":"t","payload":01}"#, "JSON"), BadRequest(#"{"type":"t","payload":"\#u{1}"}"#, "JSON"),
        BadRequest(bytes: [0xEF, 0xBB, 0xBF] + Array(#"{"type":"t"}"#.utf8), "JSON"),
        BadRequest(bytes: Array(#"{"type":"t"}"#.utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }, "JSON"),
        BadRequest(bytes: Array(#"{"type":"t","payload":""#.utf8) + [0xC0, 0x80] + Array(#""}"#.utf8), "UTF-8"),
        BadRequest(bytes: Array(#"{"type":"t","payload":""#.utf8) + [0xED, 0xA0, 0x80] + Array(#""}"#.utf8), "UTF-8"),
        BadRequest(bytes: Array(#"{"type":"t"}"#.utf8) + [0], "JSON"),
        BadRequest(#"{"type":"t","type":"u"}"#, "type appears more than once"),
        BadRequest(#"{"type":"t","ty\u0070e":"u"}"#, "type appears more than once"),
        BadRequest(#"{"type":"t","payload":\#(nested(64))}"#, "64 levels"),
        BadRequest(#"{"type":"t","prioritty":"high"}"#, "did you mean priority?"),
        BadRequest(#"{"type":"t","status":"dead"}"#, "status is not a known field"),
        BadRequest(#"{"type":"t","attempt":3}"#, "attempt is not a known field"),
    ]

    static func nested(_ depth: Int) -> String {
        String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }

    /// Names that break the rule for names, each in every field that holds one.
    static let names: [BadRequest] = ["queue", "tenant", "tags"].flatMap { field in
        [
            #""""#, #""a b""#, #""a}b{c""#, #""é""#, #""a\r\nb""#, #""a\u0000b""#, #""\ud800""#, "7", "{}", "true",
            "\"\(String(repeating: "n", count: 129))\"",
        ]
        .map { name in BadRequest.field(field, field == "tags" ? "[\(name)]" : name, field) }
    }

    static let types: [BadRequest] = [
        (#""""#, "type"), ("null", "type is required"), ("1", "type"), ("[]", "type"), (#""a/b""#, "A-Z"),
        (#""a\u0000""#, "type"),
    ].map { BadRequest(#"{"type":\#($0.0)}"#, $0.1) }

    private static let noWholeNumbers = [
        "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "1e400", "1.5",
        "1e1", "\"1\"", "true", "[1]", "123456789012345678901234567890",
    ]
    private static let noSeconds = [
        "-0.001", "-9223372036854775808", "9223372036854775808", "1e18", "1e400", "-1e400", "\"1\"", "false", "{}",
        "316224000.1", "1" + String(repeating: "0", count: 100),
    ]

    static let numbers: [BadRequest] =
        (noWholeNumbers + ["-1", "1001"]).map { .field("max_retries", $0) }
        + noSeconds.map { .field("delay_seconds", $0) }
        + (noSeconds + ["0", "1e-9"]).map { .field("timeout_seconds", $0) }
        + (noSeconds + ["0"]).map { .field("deadline_seconds", $0) }
        + (noWholeNumbers + ["-1"]).map { .field("retry", #"{"base_ms":\#($0)}"#, "retry.base_ms") }
        + (noWholeNumbers + ["-1"]).map { .field("retry", #"{"max_ms":\#($0)}"#, "retry.max_ms") }

    private static let tooLong = String(repeating: "x", count: Limits.payloadBytes)

    static let others: [BadRequest] = [
        .field("priority", "\"urgent\"", "one of critical, high, default, low"), .field("priority", "0"),
        .field("run_at", "\"tomorrow\""), .field("run_at", "\"2026-13-01T00:00:00Z\""), .field("run_at", "1767225600"),
        .field("run_at", "\"9999-12-31T23:59:59Z\"", "ten years"), .field("run_at", "\"2026-01-01T00:00:00\""),
        BadRequest(#"{"type":"t","run_at":"2030-01-01T00:00:00Z","delay_seconds":1}"#, "delay_seconds"),
        BadRequest(#"{"type":"t","delay_seconds":60,"deadline_seconds":60}"#, "deadline_seconds"),
        .field("idempotency_key", #""""#), .field("idempotency_key", #""a b""#), .field("idempotency_key", #""é""#),
        .field("idempotency_key", "\"\(String(repeating: "k", count: 256))\""), .field("idempotency_key", "1"),
        .field("retry", "[]"), .field("retry", "\"fast\""), .field("retry", #"{"strategy":"random"}"#, "exponential"),
        .field("retry", #"{"jitter":1}"#, "retry.jitter"), .field("retry", #"{"max_m":1}"#, "did you mean max_ms?"),
        .field("tags", "\"a\""), .field("tags", "{}"),
        .field("tags", "[\(Array(repeating: "\"a\"", count: 17).joined(separator: ","))]", "tags"),
        .field("traceparent", "\"00-0-0-0\""),
        BadRequest(
            #"{"type":"t","payload":"\#(tooLong)"}"#, "payload", status: 413),
    ]

    static let batches: [BadRequest] = [
        BadRequest("{}", "tasks is required", path: "/tasks/batch"),
        BadRequest(#"{"tasks":[]}"#, "tasks", path: "/tasks/batch"),
        BadRequest(#"{"tasks":{}}"#, "tasks", path: "/tasks/batch"),
        BadRequest(#"{"tasks":[1]}"#, "tasks[0]", path: "/tasks/batch"),
        BadRequest(#"{"tasks":[{"type":"t"}],"queue":"q"}"#, "queue", path: "/tasks/batch"),
        BadRequest(
            #"{"tasks":[{"type":"t"},{"type":"t","payload":"\#(tooLong)"}]}"#,
            "tasks[1].payload", path: "/tasks/batch", status: 413),
    ]

    private static let reference =
        #""task_id":"01979f3c-5d2a-7cc0-8a4e-0123456789ab","token":"00000000000000000000000000000000""#

    static let leases: [BadRequest] =
        [
            (#"{"limit":0}"#, "limit"), (#"{"limit":1001}"#, "limit"), (#"{"limit":"1"}"#, "limit"),
            (#"{"lease_seconds":0.5}"#, "lease_seconds"), (#"{"lease_seconds":86401}"#, "lease_seconds"),
            (#"{"wait_seconds":60.5}"#, "wait_seconds"), (#"{"wait_seconds":-1}"#, "wait_seconds"),
            (#"{"queues":"q"}"#, "queues"), (#"{"queues":["q",""]}"#, "queues[1]"), (#"{"types":[1]}"#, "types[0]"),
            (#"{"worker":"a b"}"#, "worker"), (#"{"que":[]}"#, "que"), ("[]", "object"),
        ].map { BadRequest($0.0, $0.1, path: "/leases") }
        + [
            ("{}", "leases is required"), (#"{"leases":[{}]}"#, "leases[0].task_id"),
            (#"{"leases":[{"task_id":"x","token":"y"}]}"#, "leases[0].task_id"),
            (#"{"leases":[{"task_id":"01979f3c-5d2a-7cc0-8a4e-0123456789ab","token":"y"}]}"#, "leases[0].token"),
            (#"{"leases":[{\#(reference),"attempt":1}]}"#, "leases[0].attempt"),
            (#"{"leases":[],"lease_seconds":0}"#, "lease_seconds"),
        ].map { BadRequest($0.0, $0.1, path: "/leases/extend") }
        + [
            ("{}", "results is required"), (#"{"results":[{\#(reference)}]}"#, "results[0].outcome"),
            (#"{"results":[{\#(reference),"outcome":"lease_expired"}]}"#, "succeeded, failed, snoozed"),
            (#"{"results":[{\#(reference),"outcome":"snoozed"}]}"#, "results[0].retry_after_seconds"),
            (#"{"results":[{\#(reference),"outcome":"failed","error":7}]}"#, "results[0].error"),
            (#"{"results":[{\#(reference),"outcome":"failed","retry_after_seconds":-1}]}"#, "retry_after_seconds"),
            (#"{"results":[{\#(reference),"outcome":"failed","retryable":"no"}]}"#, "results[0].retryable"),
            (#"{"results":[{\#(reference),"outcome":"failed","run_seconds":1e300}]}"#, "results[0].run_seconds"),
        ].map { BadRequest($0.0, $0.1, path: "/leases/complete") }

    static let replays: [BadRequest] = [
        (#"{"limit":0}"#, "limit"), (#"{"limit":100001}"#, "limit"), (#"{"rate_per_second":0}"#, "rate_per_second"),
        (#"{"rate_per_second":1e9}"#, "rate_per_second"), (#"{"task_ids":"x"}"#, "task_ids"),
        (#"{"task_ids":["x"]}"#, "task_ids[0]"), (#"{"queue":"a b"}"#, "queue"), (#"{"error":1}"#, "error"),
        (#"{"all":true}"#, "all"),
    ].map { BadRequest($0.0, $0.1, path: "/dead-letters/replay") }

    static let all = notJSON + names + types + numbers + others + batches + leases + replays
}
#endif
