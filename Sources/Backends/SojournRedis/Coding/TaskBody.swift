#if Redis
import NIOCore
import SojournCore
import SojournModel

/// What never changes about a task, as one value of the hash of bodies.
///
/// Bytes 1...6 are the task's number in its queue, which the insert script puts in front; then deadline (7...14), when
/// it became available first (15...22), when it was enqueued (23...30), fingerprint (31...38), the length of its line
/// (39...40), the line (from 41), flags, and what the flags say is there; the payload comes last.
struct TaskBody: Sendable {
    /// Its number in its queue: who is first where two became available at the same instant.
    var number: UInt64 = 0
    var message: TaskMessage
    var fingerprint: UInt64
    var tags: [String]

    private struct Flags: OptionSet {
        let rawValue: UInt8
        static let maxRetries = Flags(rawValue: 1)
        static let retry = Flags(rawValue: 2)
        static let timeout = Flags(rawValue: 4)
        static let trace = Flags(rawValue: 8)
        static let tags = Flags(rawValue: 16)
        static let promise = Flags(rawValue: 32)
        static let estimate = Flags(rawValue: 64)
    }

    init(_ task: NewTask) {
        message = task.message
        fingerprint = task.fingerprint
        tags = task.tags
    }

    var line: Line { Line(priority: message.priority, tenant: message.tenant, type: message.type) }

    /// Everything but the number.
    var encoded: ByteBuffer {
        let line = self.line.text
        var bytes = ByteBufferAllocator().buffer(capacity: 96 + line.utf8.count + message.payload.count)
        bytes.write(message.deadline, none: .distantFuture)
        bytes.write(message.availableAt)
        bytes.write(message.enqueuedAt)
        bytes.writeInteger(fingerprint)
        bytes.writeInteger(UInt16(clamping: line.utf8.count))
        bytes.writeString(line)
        bytes.writeInteger(flags.rawValue)
        if let maxRetries = message.maxRetries { bytes.writeInteger(Int32(clamping: maxRetries)) }
        if let retry = message.retry { bytes.writeSection(retry.text) }
        if let timeout = message.timeout { bytes.writeInteger(timeout.wholeMicroseconds) }
        if let trace = message.traceparent { bytes.writeSection(trace) }
        if !tags.isEmpty { bytes.writeSection(tags.joined(separator: " ")) }
        if let promise = message.promise { bytes.writeInteger(promise.within.wholeMicroseconds) }
        if let estimate = message.promise?.estimate { bytes.writeInteger(estimate.wholeMicroseconds) }
        bytes.writeBytes(message.payload)
        return bytes
    }

    private var flags: Flags {
        var flags: Flags = []
        if message.maxRetries != nil { flags.insert(.maxRetries) }
        if message.retry != nil { flags.insert(.retry) }
        if message.timeout != nil { flags.insert(.timeout) }
        if message.traceparent != nil { flags.insert(.trace) }
        if !tags.isEmpty { flags.insert(.tags) }
        if message.promise != nil { flags.insert(.promise) }
        if message.promise?.estimate != nil { flags.insert(.estimate) }
        return flags
    }

    /// Reads a value of the hash of bodies; nil where it is none.
    init?(_ value: ByteBuffer, id: TaskID, queue: QueueName) {
        var bytes = value
        guard let top = bytes.readInteger(as: UInt32.self), let low = bytes.readInteger(as: UInt16.self) else {
            return nil
        }
        let deadline = bytes.readTimestamp(none: .distantFuture)
        guard let availableAt = bytes.readTimestamp(), let enqueuedAt = bytes.readTimestamp(),
            let fingerprint = bytes.readInteger(as: UInt64.self), let length = bytes.readInteger(as: UInt16.self),
            let line = bytes.readString(length: Int(length)).flatMap({ Line(text: $0) }),
            let flags = bytes.readInteger(as: UInt8.self).map({ Flags(rawValue: $0) })
        else { return nil }
        number = UInt64(top) << 16 | UInt64(low)
        self.fingerprint = fingerprint
        tags = []
        message = TaskMessage(
            id: id, type: line.type, queue: queue, tenant: line.tenant, priority: line.priority, payload: [],
            deadline: deadline, enqueuedAt: enqueuedAt, availableAt: availableAt)
        readOptionals(flags, from: &bytes)
        message.payload = Array(bytes.readableBytesView)
    }

    private mutating func readOptionals(_ flags: Flags, from bytes: inout ByteBuffer) {
        func duration() -> Duration? { bytes.readInteger(as: Int64.self).map { .microseconds($0) } }
        if flags.contains(.maxRetries) { message.maxRetries = bytes.readInteger(as: Int32.self).map { Int($0) } }
        if flags.contains(.retry) { message.retry = bytes.readTextSection().flatMap { RetryPolicy(text: $0) } }
        if flags.contains(.timeout) { message.timeout = duration() }
        if flags.contains(.trace) { message.traceparent = bytes.readTextSection() }
        if flags.contains(.tags) {
            tags = bytes.readTextSection()?.split(separator: " ").map { String($0) } ?? []
        }
        guard flags.contains(.promise), let within = duration() else { return }
        message.promise = StartPromise(within: within, estimate: flags.contains(.estimate) ? duration() : nil)
    }
}
#endif
