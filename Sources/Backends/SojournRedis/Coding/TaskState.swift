#if Redis
import NIOCore
import SojournCore
import SojournModel

/// What has happened to a task, as one value of the hash of states. A task that nothing happened to has none.
///
/// Status (byte 1), the token of its lease, or of the one that settled it last (2...17: see ``Tokens``), a mark (18):
/// what settled it last, or ``cancelMark``; when its lease was made (19...26), who has it (27: how many bytes, and from
/// 28). Then the history, which a task does not have while it runs for the first time, so that Redis can give all tasks
/// of a claim one and the same value: when it started first and had become available for that (8 bytes each), its end
/// (8), why it is dead (1), when it is available (8), attempts, attempts before the last replay and crashes (4 each),
/// last error and result behind their lengths, and the attempts. A task that was promoted keeps the state that it had
/// before: where it stands says the rest.
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
    /// Whether anything happened to it before it runs now.
    private(set) var hasHistory = true

    /// The mark of a task that runs and shall be stopped.
    static let cancelMark: UInt8 = 255

    init(status: TaskStatus, availableAt: Timestamp) {
        self.status = status
        self.availableAt = availableAt
    }

    /// What a history says of its end, 9 bytes.
    static func end(_ reason: DeadReason? = nil, at end: Timestamp? = nil) -> ByteBuffer {
        var bytes = ByteBufferAllocator().buffer(capacity: 9)
        bytes.write(end)
        bytes.writeInteger(reason?.code ?? 0)
        return bytes
    }

    /// The history of a task that nothing happened to, from its attempts on.
    static let blank: ByteBuffer = {
        var bytes = ByteBuffer()
        TaskState(status: .queued, availableAt: .distantPast).writeHistory(to: &bytes)
        bytes.moveReaderIndex(forwardBy: 33)
        return bytes.slice()
    }()

    /// All but the history of a task that runs under a lease made now.
    static func running(_ token: LeaseToken, since leasedAt: Timestamp, worker: String) -> ByteBuffer {
        var state = TaskState(status: .running, availableAt: .distantPast)
        (state.token, state.leasedAt, state.worker) = (token, leasedAt, worker)
        var bytes = ByteBufferAllocator().buffer(capacity: 27 + worker.utf8.count)
        state.writeLease(to: &bytes)
        return bytes
    }

    var encoded: ByteBuffer {
        var bytes = ByteBufferAllocator().buffer(capacity: 128)
        write(to: &bytes)
        return bytes
    }

    func write(to bytes: inout ByteBuffer) {
        writeLease(to: &bytes)
        writeHistory(to: &bytes)
    }

    private func writeLease(to bytes: inout ByteBuffer) {
        bytes.writeInteger(UInt8(status.code))
        bytes.write(token)
        bytes.writeInteger(mark)
        bytes.write(leasedAt)
        let name = worker.utf8.prefix(255)
        bytes.writeInteger(UInt8(name.count))
        bytes.writeBytes(name)
    }

    private func writeHistory(to bytes: inout ByteBuffer) {
        bytes.write(startedAt)
        bytes.write(startableAt)
        bytes.write(finishedAt)
        bytes.writeInteger(deadReason?.code ?? 0)
        bytes.write(availableAt)
        bytes.writeInteger(UInt32(clamping: attempt))
        bytes.writeInteger(UInt32(clamping: attemptsBeforeReplay))
        bytes.writeInteger(UInt32(clamping: crashes))
        bytes.writeSection(lastError)
        bytes.writeSection(result)
        for attempt in attempts { bytes.write(attempt) }
    }

    /// Reads a value of the hash of states, of a task that became available first at `availableAt`; nil where it is
    /// none.
    init?(_ value: ByteBuffer, availableAt: Timestamp) {
        var bytes = value
        guard let status = bytes.readInteger(as: UInt8.self).flatMap({ TaskStatus(code: Int($0)) }),
            let token = bytes.readToken(), let mark = bytes.readInteger(as: UInt8.self)
        else { return nil }
        self.init(status: status, availableAt: availableAt)
        (self.token, self.mark, leasedAt) = (token, mark, bytes.readTimestamp())
        guard let length = bytes.readInteger(as: UInt8.self), let worker = bytes.readString(length: Int(length)) else {
            return nil
        }
        self.worker = worker
        if bytes.readableBytes == 0 {
            (startedAt, startableAt, hasHistory) = (leasedAt, availableAt, false)
        } else {
            guard readHistory(from: &bytes) else { return nil }
        }
    }

    private mutating func readHistory(from bytes: inout ByteBuffer) -> Bool {
        (startedAt, startableAt) = (bytes.readTimestamp(), bytes.readTimestamp())
        finishedAt = bytes.readTimestamp()
        guard let reason = bytes.readInteger(as: UInt8.self), let availableAt = bytes.readTimestamp(),
            let attempt = bytes.readInteger(as: UInt32.self), let before = bytes.readInteger(as: UInt32.self),
            let crashes = bytes.readInteger(as: UInt32.self)
        else { return false }
        deadReason = DeadReason(code: reason)
        self.availableAt = availableAt
        (self.attempt, attemptsBeforeReplay, self.crashes) = (Int(attempt), Int(before), Int(crashes))
        lastError = bytes.readTextSection()
        result = bytes.readSection().map { Array($0.readableBytesView) }
        while let attempt = bytes.readAttempt() { attempts.append(attempt) }
        return true
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
