/// A 64-bit fingerprint of bytes (FNV-1a): the same in every process, on every machine.
///
/// It tells an accident (the same idempotency key for another request) from a repetition. It is no defence against
/// somebody who wants two of their own requests to collide; keys belong to one tenant.
public struct Fingerprint: Sendable, Hashable {
    /// The fingerprint so far.
    public private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    /// The fingerprint of nothing.
    public init() {}

    /// Adds bytes and an end mark, so that `ab` + `c` differs from `a` + `bc`.
    public mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { mix(byte) }
        mix(0xFF)
    }

    private mutating func mix(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
}
