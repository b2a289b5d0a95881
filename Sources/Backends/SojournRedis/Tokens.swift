#if Redis
import NIOCore
import SojournCore
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

/// What the hash of grants says of a task that runs: token, number of the task in its queue (of which nothing is needed
/// here), when the lease was made, and who has it.
struct Grant {
    let token: LeaseToken
    let leasedAt: Timestamp
    let worker: String

    init?(_ value: ByteBuffer) {
        var bytes = value
        guard let token = bytes.readToken(), bytes.readSlice(length: 6) != nil,
            let leasedAt = bytes.readTimestamp()
        else { return nil }
        self.token = token
        self.leasedAt = leasedAt
        worker = String(buffer: bytes)
    }

    /// What a script puts behind token and number.
    static func rest(leasedAt: Timestamp, worker: String) -> ByteBuffer {
        var bytes = ByteBuffer()
        bytes.write(leasedAt)
        bytes.writeString(worker)
        return bytes
    }
}
#endif
