#if Redis
import NIOCore
import SojournCore
import SojournModel
import Synchronization

/// One hint in the sorted set of its line: eight bytes of number and the task's identifier, so that hints of the same
/// instant stand in the order in which they were pushed.
enum HintMember {
    static let bytes = 24

    static func encode(_ id: TaskID, number: Int64) -> ByteBuffer {
        var bytes = ByteBufferAllocator().buffer(capacity: Self.bytes)
        bytes.writeInteger(number)
        bytes.write(id)
        return bytes
    }

    /// The hint of a member and its score; nil where somebody put something else there.
    static func decode(_ member: ByteBuffer?, score: ByteBuffer?, line: HintLine) -> Hint? {
        guard var member, member.readableBytes == bytes, let instant = instant(score) else { return nil }
        member.moveReaderIndex(forwardBy: 8)
        return member.readTaskID().map { Hint(id: $0, line: line, availableAt: instant) }
    }

    /// The instant that a score is; nil where it is none.
    static func instant(_ score: ByteBuffer?) -> Timestamp? {
        guard let score, let number = Double(String(buffer: score)), let whole = Int64(exactly: number.rounded()) else {
            return nil
        }
        return Timestamp(microseconds: whole)
    }
}

/// Numbers that grow, also from one process to the next one.
final class HintNumbers: Sendable {
    private let last = Mutex<Int64>(0)

    /// The first of `count` numbers that nobody else gets here.
    func take(_ count: Int, at now: Timestamp) -> Int64 {
        last.withLock { last in
            let first = max(last + 1, now.microseconds)
            last = first + Int64(count)
            return first
        }
    }
}
#endif
