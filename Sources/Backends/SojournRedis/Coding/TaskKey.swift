#if Redis
import NIOCore
import SojournModel

/// What names a task in Redis: its identifier, in 14 bytes where it is one of ours and in 16 where it is not.
///
/// Fourteen bytes and what Redis puts around them fit into 16 bytes of memory, sixteen do not: each task has its name
/// in three places. What is left out of identifiers of ours is always the same: version, variant, and zeros.
extension TaskID {
    /// How long the short form is.
    private static let short = 14

    /// The name.
    var key: ByteBuffer {
        var bytes = ByteBufferAllocator().buffer(capacity: 16)
        bytes.write(key: self)
        return bytes
    }

    /// Whether the bits that the short form leaves out are those of ``TaskID/init(at:random:)``, before the year 2109.
    fileprivate var isOurs: Bool { high >> 58 == 0 && high & 0xF000 == 0x7000 && low >> 58 == 0b10_0000 }

    /// The task with that name; nil where it is none.
    init?(key: ByteBuffer) {
        var bytes = key
        if bytes.readableBytes == Self.short {
            guard let first = bytes.readInteger(as: UInt64.self), let top = bytes.readInteger(as: UInt16.self),
                let rest = bytes.readInteger(as: UInt32.self)
            else { return nil }
            let time = first >> 10
            let chance = (first & 0x03FF) << 48 | UInt64(top) << 32 | UInt64(rest)
            self.init(high: (time >> 12) << 16 | 0x7000 | time & 0x0FFF, low: 1 << 63 | chance)
        } else {
            guard let high = bytes.readInteger(as: UInt64.self), let low = bytes.readInteger(as: UInt64.self),
                bytes.readableBytes == 0
            else { return nil }
            self.init(high: high, low: low)
        }
    }
}

extension ByteBuffer {
    /// Writes the name of a task.
    mutating func write(key id: TaskID) {
        guard id.isOurs else { return write(id) }
        let time = (id.high >> 16) << 12 | id.high & 0x0FFF
        let chance = id.low & 0x03FF_FFFF_FFFF_FFFF
        writeInteger(time << 10 | chance >> 48)
        writeInteger(UInt16(truncatingIfNeeded: chance >> 32))
        writeInteger(UInt32(truncatingIfNeeded: chance))
    }
}
#endif
