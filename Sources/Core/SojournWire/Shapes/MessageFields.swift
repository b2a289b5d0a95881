import SojournCore
import SojournModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

// The fields that a task shows wherever it appears: in its record, in a listing, in the hand of a worker.
extension TaskMessage {
    init(_ body: JSONObject) throws(JSONError) {
        let enqueuedAt = try body.required("enqueued_at").timestamp()
        self.init(
            id: try body.required("task_id").taskID(),
            type: try body.required("type").name(),
            queue: try body.required("queue").name(),
            tenant: try body.required("tenant").name(),
            priority: try body.required("priority").priority(),
            payload: try body.opaque("payload", encoded: "payload_base64") ?? [],
            maxRetries: try body.optional("max_retries")?.int(in: 0...Int.max),
            retry: try body.optional("retry").map { json throws(JSONError) in
                try RetryPolicy(json: json, defaults: RetryPolicy())
            },
            timeout: try body.optional("timeout_seconds")?.seconds(in: .zero...Limits.horizon),
            deadline: try body.optional("deadline")?.timestamp(),
            enqueuedAt: enqueuedAt,
            availableAt: try body.optional("available_at")?.timestamp() ?? enqueuedAt,
            traceparent: try body.optional("traceparent")?.string(maxBytes: 256),
            attempt: try body.optional("attempt")?.int(in: 0...Int.max) ?? 0,
            attemptsBeforeReplay: try body.optional("attempts_before_replay")?.int(in: 0...Int.max) ?? 0,
            crashes: try body.optional("crashes")?.int(in: 0...Int.max) ?? 0)
    }

    /// Everything but the payload, which not every place shows.
    func writeFields(to writer: inout JSONWriter) {
        writer.field("task_id", id)
        writer.field("type", type.rawValue)
        writer.field("queue", queue.rawValue)
        writer.field("tenant", tenant.rawValue)
        writer.field("priority", priority.name)
        writer.field("attempt", attempt)
        writer.field("attempts_before_replay", attemptsBeforeReplay)
        writer.field("crashes", crashes)
        writer.field("max_retries", maxRetries)
        if let retry {
            writer.key("retry")
            retry.write(to: &writer)
        }
        writer.field("timeout_seconds", seconds: timeout)
        writer.field("deadline", deadline)
        writer.field("enqueued_at", enqueuedAt)
        writer.field("available_at", availableAt)
        if let traceparent { writer.field("traceparent", traceparent) }
    }
}

// Payloads and results are JSON where they came over the wire. An application in the same process may have put in other
// bytes: those travel as base64, in a field of another name.
extension JSONWriter {
    mutating func opaque(_ name: StaticString, encoded: StaticString, _ bytes: [UInt8]) {
        // The text around it adds a few levels; the whole must stay within what a reader accepts.
        if (try? JSONValue(validating: bytes, maxDepth: 100)) != nil {
            field(name, raw: bytes)
        } else {
            field(encoded, Data(bytes).base64EncodedString())
        }
    }
}

extension JSONObject {
    func opaque(_ name: String, encoded: String) throws(JSONError) -> [UInt8]? {
        guard let value = optional(encoded) else { return self[name]?.raw }
        guard let bytes = Data(base64Encoded: try value.string(maxBytes: Limits.bodyBytes)) else {
            throw value.error("must be base64")
        }
        return [UInt8](bytes)
    }
}
