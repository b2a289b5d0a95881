#if Redis
import NIOCore
import SojournCore
import SojournModel

/// What has happened to a task, as one value of the hash of states. A task that nothing happened to has none.
///
/// Status (byte 1), end (2...9), why it is dead (10), when it is available (11...18), attempts (19...22), attempts
/// before the last replay (23...26), crashes (27...30), when it started first (31...38) and had become available for
/// that (39...46), the token of its lease, or of the one that settled it last (47...62), a mark (63): what settled it
/// last, or ``cancelMark``; when its lease was made (64...71), who has it (72: how many bytes, and from 73), last error
/// and result behind their lengths, and the attempts. A task that was promoted keeps the state that it had before:
/// where it stands says the rest.
struct TaskState: Sendable, Equatable {
    var status: TaskStatus
    var finishedAt: Timestamp?
    var deadReason: DeadReason?
    var availableAt: Timestamp
    var attempt = 0
    var attemptsBeforeReplay = 0
    var crashes = 0
    var startedAt: Timestamp?
    /// When it had become available for its first start.
    var startableAt: Timestamp?
    var token = LeaseToken(high: 0, low: 0)
    var mark: UInt8 = 0
    var leasedAt: Timestamp?
    var worker = ""
    var lastError: String?
    var result: [UInt8]?
    var attempts: [AttemptRecord] = []

    /// The mark of a task that runs and shall be stopped.
    static let cancelMark: UInt8 = 255

    init(status: TaskStatus, availableAt: Timestamp) {
        self.status = status
        self.availableAt = availableAt
    }

    /// Bytes 1...10: where scripts give a task another status without looking at the rest.
    static func head(_ status: TaskStatus, reason: DeadReason? = nil, at end: Timestamp? = nil) -> ByteBuffer {
        var bytes = ByteBufferAllocator().buffer(capacity: 10)
        bytes.writeInteger(UInt8(status.code))
        bytes.write(end)
        bytes.writeInteger(reason?.code ?? 0)
        return bytes
    }

    /// The bytes from 19 on of a task that nothing happened to.
    static let blank: ByteBuffer = {
        var bytes = TaskState(status: .queued, availableAt: .distantPast).encoded
        bytes.moveReaderIndex(forwardBy: 18)
        return bytes.slice()
    }()

    /// Bytes 63 up to the error: a lease that was made now, and who has it.
    static func lease(since leasedAt: Timestamp, worker: String) -> ByteBuffer {
        var state = TaskState(status: .running, availableAt: .distantPast)
        (state.leasedAt, state.worker) = (leasedAt, worker)
        var bytes = ByteBufferAllocator().buffer(capacity: 10 + worker.utf8.count)
        state.writeLease(to: &bytes)
        return bytes
    }

    /// Bytes 1...30.
    var head: ByteBuffer {
        var bytes = Self.head(status, reason: deadReason, at: finishedAt)
        bytes.write(availableAt)
        bytes.writeInteger(UInt32(clamping: attempt))
        bytes.writeInteger(UInt32(clamping: attemptsBeforeReplay))
        bytes.writeInteger(UInt32(clamping: crashes))
        return bytes
    }

    var encoded: ByteBuffer {
        var bytes = head
        bytes.write(startedAt)
        bytes.write(startableAt)
        bytes.write(token)
        writeLease(to: &bytes)
        bytes.writeSection(lastError)
        bytes.writeSection(result)
        for attempt in attempts { bytes.write(attempt) }
        return bytes
    }

    private func writeLease(to bytes: inout ByteBuffer) {
        bytes.writeInteger(mark)
        bytes.write(leasedAt)
        let name = worker.utf8.prefix(255)
        bytes.writeInteger(UInt8(name.count))
        bytes.writeBytes(name)
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
        startableAt = bytes.readTimestamp()
        guard let token = bytes.readToken(), let mark = bytes.readInteger(as: UInt8.self) else { return nil }
        (self.token, self.mark) = (token, mark)
        leasedAt = bytes.readTimestamp()
        guard let length = bytes.readInteger(as: UInt8.self), let worker = bytes.readString(length: Int(length)) else {
            return nil
        }
        self.worker = worker
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
