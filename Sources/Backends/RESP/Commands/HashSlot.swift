#if Redis
/// The part of a cluster's key space to which a key belongs: 0 to 16383.
struct HashSlot: Hashable, Sendable {
    static let count = 16_384

    let index: Int

    /// Nil if there is no such slot.
    init?(index: Int) {
        guard (0..<HashSlot.count).contains(index) else { return nil }
        self.index = index
    }

    /// The slot of `key`: of what is between the first `{` and the next `}` unless that is nothing, else of all of it.
    init(key: some BidirectionalCollection<UInt8>) {
        index = Int(CRC16.sum(of: HashSlot.hashed(in: key))) % HashSlot.count
    }

    private static func hashed<Key: BidirectionalCollection<UInt8>>(in key: Key) -> Key.SubSequence {
        guard let open = key.firstIndex(of: UInt8(ascii: "{")) else { return key[...] }
        let tag = key[key.index(after: open)...]
        guard let close = tag.firstIndex(of: UInt8(ascii: "}")), close > tag.startIndex else { return key[...] }
        return tag[..<close]
    }
}

/// CRC-16/XMODEM, the checksum that the cluster specification prescribes.
private enum CRC16 {
    static let table: [UInt16] = (0..<256).map { byte in
        (0..<8).reduce(UInt16(byte) << 8) { sum, _ in sum & 0x8000 == 0 ? sum << 1 : sum << 1 ^ 0x1021 }
    }

    static func sum(of bytes: some Sequence<UInt8>) -> UInt16 {
        bytes.reduce(0) { sum, byte in sum << 8 ^ table[Int(sum >> 8 ^ UInt16(byte))] }
    }
}
#endif
