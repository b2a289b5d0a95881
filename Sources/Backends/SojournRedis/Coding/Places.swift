#if Redis
import NIOCore
import SojournCore
import SojournModel

/// How a task that waits for a worker stands in its line: when it became available (8 bytes), a number that tells who
/// was first among those who came in one batch (2), and its key.
enum WaitingPlace {
    static func bytes(_ id: TaskID, availableAt: Timestamp) -> ByteBuffer {
        var bytes = ByteBufferAllocator().buffer(capacity: 26)
        bytes.write(availableAt)
        bytes.writeInteger(0 as UInt16)
        bytes.write(key: id)
        return bytes
    }

    /// Who stands there; nil where that is no place.
    static func task(in place: ByteBuffer) -> TaskID? {
        var bytes = place
        bytes.moveReaderIndex(forwardBy: min(10, bytes.readableBytes))
        return TaskID(key: bytes)
    }
}

/// How a task that waits for its time stands among the others: its key, its status as a digit, and the number of its
/// line (3 bytes).
struct DuePlace {
    let bytes: ByteBuffer
    let line: UInt32
    let status: TaskStatus

    init(_ id: TaskID, status: TaskStatus, line: UInt32) {
        var bytes = id.key
        bytes.writeString("\(status.code)")
        bytes.write(line: line)
        self.bytes = bytes
        self.line = line
        self.status = status
    }

    /// Reads a member of the set; nil where it is none.
    init?(_ bytes: ByteBuffer) {
        var rest = bytes
        guard rest.readSlice(length: max(0, rest.readableBytes - 4)) != nil,
            let digit = rest.readString(length: 1).flatMap({ Int($0) }),
            let status = TaskStatus(code: digit), let line = rest.readLine()
        else { return nil }
        self.bytes = bytes
        self.line = line
        self.status = status
    }
}

/// How a task that is over stands among the others: status and priority as digits, and its key. Behind its end
/// (8 bytes) in the list of the finished ones, and by its death in the sorted set of dead letters.
enum FinalPlace {
    static func bytes(_ id: TaskID, _ status: TaskStatus, _ priority: Priority) -> ByteBuffer {
        var bytes = ByteBufferAllocator().buffer(capacity: 26)
        bytes.writeString(CountField(status, priority).text)
        bytes.write(key: id)
        return bytes
    }

    static func finished(
        _ id: TaskID, _ status: TaskStatus, _ priority: Priority, at end: Timestamp
    ) -> ByteBuffer {
        var bytes = ByteBufferAllocator().buffer(capacity: 26)
        bytes.write(end)
        bytes.writeImmutableBuffer(Self.bytes(id, status, priority))
        return bytes
    }
}

extension ByteBuffer {
    /// The number of a line has three bytes: a queue has at most 16,777,215 lines.
    mutating func write(line: UInt32) {
        writeInteger(UInt8(truncatingIfNeeded: line >> 16))
        writeInteger(UInt16(truncatingIfNeeded: line))
    }

    mutating func readLine() -> UInt32? {
        guard let top = readInteger(as: UInt8.self), let rest = readInteger(as: UInt16.self) else { return nil }
        return UInt32(top) << 16 | UInt32(rest)
    }
}
#endif
