#if Redis
import NIOCore
import SojournCore
import SojournModel

/// What has happened to a task, as one value of the hash of states. A task that nothing happened to has none.
///
/// Status (byte 1), end (2...9), why it is dead (10), when it is available (11...18), attempts (19...22), attempts
/// before the last replay (23...26), crashes (27...30), first start (31...38), first wait (39...46), what settled it
/// last (token 47...62, outcome 63); then last error and result behind their lengths, and the attempts. A task that
/// runs or was promoted keeps the state that it had before: where it stands says the rest.
struct TaskState: Sendable, Equatable {
    var status: TaskStatus
    var finishedAt: Timestamp?
    var deadReason: DeadReason?
    var availableAt: Timestamp
    var attempt = 0
    var attemptsBeforeReplay = 0
    var crashes = 0
    var startedAt: Timestamp?
    var waited: Duration?
    var settledToken = LeaseToken(high: 0, low: 0)
    var settledOutcome: UInt8 = 0
    var lastError: String?
    var result: [UInt8]?
    var attempts: [AttemptRecord] = []

    init(status: TaskStatus, availableAt: Timestamp) {
        self.status = status
        self.availableAt = availableAt
    }

    /// Bytes 1...10: where scripts end a task without an attempt.
    static func end(as status: TaskStatus, reason: DeadReason?, at instant: Timestamp) -> ByteBuffer {
        var bytes = ByteBuffer()
        bytes.writeInteger(UInt8(status.code))
        bytes.write(instant)
        bytes.writeInteger(reason?.code ?? 0)
        return bytes
    }

    /// The bytes from 19 on of a task that nothing happened to.
    static let blank: ByteBuffer = {
        var bytes = TaskState(status: .queued, availableAt: .distantPast).encoded
        bytes.moveReaderIndex(forwardBy: 18)
        return bytes.slice()
    }()

    /// Bytes 1...30.
    var head: ByteBuffer {
        var bytes = ByteBufferAllocator().buffer(capacity: 96)
        bytes.writeInteger(UInt8(status.code))
        bytes.write(finishedAt)
        bytes.writeInteger(deadReason?.code ?? 0)
        bytes.write(availableAt)
        bytes.writeInteger(UInt32(clamping: attempt))
        bytes.writeInteger(UInt32(clamping: attemptsBeforeReplay))
        bytes.writeInteger(UInt32(clamping: crashes))
        return bytes
    }

    var encoded: ByteBuffer {
        var bytes = head
        bytes.write(startedAt)
        bytes.writeInteger(waited?.wholeMicroseconds ?? .min)
        bytes.write(settledToken)
        bytes.writeInteger(settledOutcome)
        bytes.writeSection(lastError)
        bytes.writeSection(result)
        for attempt in attempts { bytes.write(attempt) }
        return bytes
    }

    /// Reads a value of the hash of states; nil where it is none.
    init?(_ value: ByteBuffer) {
        var bytes = value
        guard let status = bytes.readInteger(as: UInt8.self).flatMap({ TaskStatus(code: Int($0)) }) else { return nil }
        let finishedAt = bytes.readTimestamp()
        guard let reason = bytes.readInteger(as: UInt8.self), let availableAt = bytes.readTimestamp(),
            let attempt = bytes.readInteger(as: UInt32.self), let before = bytes.readInteger(as: UInt32.self),
            let crashes = bytes.readInteger(as: UInt32.self)
        else { return nil }
        self.init(status: status, availableAt: availableAt)
        self.finishedAt = finishedAt
        deadReason = DeadReason(code: reason)
        (self.attempt, attemptsBeforeReplay, self.crashes) = (Int(attempt), Int(before), Int(crashes))
        startedAt = bytes.readTimestamp()
        guard let waited = bytes.readInteger(as: Int64.self), let token = bytes.readToken(),
            let outcome = bytes.readInteger(as: UInt8.self)
        else { return nil }
        self.waited = waited == .min ? nil : .microseconds(waited)
        (settledToken, settledOutcome) = (token, outcome)
        lastError = bytes.readTextSection()
        result = bytes.readSection().map { Array($0.readableBytesView) }
        while let attempt = bytes.readAttempt() { attempts.append(attempt) }
    }
}

extension ByteBuffer {
    /// One attempt that has ended.
    mutating func write(_ attempt: AttemptRecord) {
        writeInteger(UInt32(clamping: attempt.number))
        write(attempt.startedAt)
        write(attempt.finishedAt)
        writeSection(attempt.worker)
        writeSection(attempt.outcome)
        writeSection(attempt.error)
    }

    fileprivate mutating func readAttempt() -> AttemptRecord? {
        guard let number = readInteger(as: UInt32.self), let startedAt = readTimestamp() else { return nil }
        let finishedAt = readTimestamp()
        return AttemptRecord(
            number: Int(number), worker: readTextSection() ?? "", startedAt: startedAt, finishedAt: finishedAt,
            outcome: readTextSection(), error: readTextSection())
    }
}
#endif
