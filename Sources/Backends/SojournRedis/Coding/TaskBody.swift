#if Redis
import NIOCore
import SojournCore
import SojournModel

/// What never changes about a task, as one value of the hash of bodies.
///
/// Flags (byte 1), the number of its line (2...4), its deadline if it has one (5...12), when it was enqueued if its
/// identifier says otherwise, when it was to become available if that was later, which options follow and the options;
/// the payload comes last. Most tasks have four bytes beside their payload.
struct TaskBody: Sendable {
    /// The bytes that may come before the payload: most of them are tags.
    static let mostBeforePayload = 4_096

    var message: TaskMessage
    var tags: [String]

    /// Scripts look at the deadline's.
    private struct Flags: OptionSet {
        let rawValue: UInt8
        static let ownTime = Flags(rawValue: 1)
        static let delayed = Flags(rawValue: 2)
        static let deadline = Flags(rawValue: 4)
        static let options = Flags(rawValue: 8)
    }
    private struct Options: OptionSet {
        let rawValue: UInt8
        static let maxRetries = Options(rawValue: 1)
        static let retry = Options(rawValue: 2)
        static let timeout = Options(rawValue: 4)
        static let trace = Options(rawValue: 8)
        static let tags = Options(rawValue: 16)
        static let promise = Options(rawValue: 32)
        static let estimate = Options(rawValue: 64)
    }

    init(_ task: NewTask) {
        message = task.message
        tags = task.tags
    }

    var line: Line { Line(message) }

    /// Writes it, with the number that its line has.
    func write(line: UInt32, to bytes: inout ByteBuffer) {
        let options = self.options
        var flags: Flags = message.enqueuedAt == message.id.madeAt ? [] : .ownTime
        if message.isDelayed { flags.insert(.delayed) }
        if message.deadline != nil { flags.insert(.deadline) }
        if !options.isEmpty { flags.insert(.options) }
        bytes.writeInteger(flags.rawValue)
        bytes.write(line: line)
        if let deadline = message.deadline { bytes.write(deadline) }
        if flags.contains(.ownTime) { bytes.write(message.enqueuedAt) }
        if message.isDelayed { bytes.write(message.availableAt) }
        if !options.isEmpty { write(options, to: &bytes) }
        bytes.writeBytes(message.payload)
    }

    private var options: Options {
        var options: Options = []
        if message.maxRetries != nil { options.insert(.maxRetries) }
        if message.retry != nil { options.insert(.retry) }
        if message.timeout != nil { options.insert(.timeout) }
        if message.traceparent != nil { options.insert(.trace) }
        if !tags.isEmpty { options.insert(.tags) }
        if message.promise != nil { options.insert(.promise) }
        if message.promise?.estimate != nil { options.insert(.estimate) }
        return options
    }

    private func write(_ options: Options, to bytes: inout ByteBuffer) {
        bytes.writeInteger(options.rawValue)
        if let maxRetries = message.maxRetries { bytes.writeInteger(Int32(clamping: maxRetries)) }
        if let retry = message.retry { bytes.writeSection(retry.text) }
        if let timeout = message.timeout { bytes.writeInteger(timeout.wholeMicroseconds) }
        if let trace = message.traceparent { bytes.writeSection(trace) }
        if !tags.isEmpty { bytes.writeSection(tags.joined(separator: " ")) }
        if let promise = message.promise { bytes.writeInteger(promise.within.wholeMicroseconds) }
        if let estimate = message.promise?.estimate { bytes.writeInteger(estimate.wholeMicroseconds) }
    }

    /// The number of the line in a value of the hash of bodies; nil where it is none.
    static func line(of value: ByteBuffer) -> UInt32? {
        var bytes = value
        bytes.moveReaderIndex(forwardBy: min(1, bytes.readableBytes))
        return bytes.readLine()
    }

    /// Reads a value of the hash of bodies, whose line is `line`; nil where it is none.
    init?(_ value: ByteBuffer, id: TaskID, line: Line, queue: QueueName) {
        var bytes = value
        guard let flags = bytes.readInteger(as: UInt8.self).map({ Flags(rawValue: $0) }), bytes.readLine() != nil
        else { return nil }
        var deadline: Timestamp?
        if flags.contains(.deadline) {
            guard let instant = bytes.readTimestamp() else { return nil }
            deadline = instant
        }
        guard let enqueuedAt = flags.contains(.ownTime) ? bytes.readTimestamp() : id.madeAt,
            let availableAt = flags.contains(.delayed) ? bytes.readTimestamp() : enqueuedAt
        else { return nil }
        tags = []
        message = TaskMessage(
            id: id, type: line.type, queue: queue, tenant: line.tenant, priority: line.priority, payload: [],
            deadline: deadline, enqueuedAt: enqueuedAt, availableAt: availableAt)
        if flags.contains(.options) {
            guard let options = bytes.readInteger(as: UInt8.self) else { return nil }
            read(Options(rawValue: options), from: &bytes)
        }
        message.payload = Array(bytes.readableBytesView)
    }

    private mutating func read(_ options: Options, from bytes: inout ByteBuffer) {
        func duration() -> Duration? { bytes.readInteger(as: Int64.self).map { .microseconds($0) } }
        if options.contains(.maxRetries) { message.maxRetries = bytes.readInteger(as: Int32.self).map { Int($0) } }
        if options.contains(.retry) { message.retry = bytes.readTextSection().flatMap { RetryPolicy(text: $0) } }
        if options.contains(.timeout) { message.timeout = duration() }
        if options.contains(.trace) { message.traceparent = bytes.readTextSection() }
        if options.contains(.tags) {
            tags = bytes.readTextSection()?.split(separator: " ").map { String($0) } ?? []
        }
        guard options.contains(.promise), let within = duration() else { return }
        message.promise = StartPromise(within: within, estimate: options.contains(.estimate) ? duration() : nil)
    }
}
#endif
