#if Redis
import NIOCore
import SojournModel

/// Fencing tokens: 104 bits of chance, and 24 that are the number of the queue.
///
/// A lease names its task and not its queue, and the queue decides which keys (and which node of a cluster) to ask.
enum Tokens {
    /// `count` new tokens for tasks of the queue with `number`, one behind the other.
    static func make(_ count: Int, queue number: UInt32) -> ByteBuffer {
        var random = SystemRandomNumberGenerator()
        var bytes = ByteBufferAllocator().buffer(capacity: 16 * count)
        for _ in 0..<count {
            bytes.writeInteger(random.next() as UInt64)
            bytes.writeInteger((random.next() as UInt64) << 24 | UInt64(number))
        }
        return bytes
    }

    /// The number of the queue that a token is about.
    static func queue(of token: LeaseToken) -> UInt32 { UInt32(token.low & 0xFF_FFFF) }
}
#endif
