/// A time-ordered 128-bit identifier (UUID version 7, RFC 9562).
public struct TaskID: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    /// The first eight bytes: 48 bits of milliseconds, the version, 12 bits of their fraction (RFC 9562, section 6.2,
    /// method 3).
    public let high: UInt64
    /// The last eight bytes: the variant, four zeros, 58 random bits.
    public let low: UInt64

    /// An identifier from its two halves.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A new identifier for a task made at `now`. `random` must be cryptographically strong where identifiers must not
    /// be guessed.
    public init(at now: Timestamp, random: inout some RandomNumberGenerator) {
        let instant = UInt64(max(0, now.microseconds))
        let milliseconds = instant / 1_000 & 0xFFFF_FFFF_FFFF
        self.high = milliseconds << 16 | 0x7000 | ((instant % 1_000) << 12) / 1_000
        self.low = 1 << 63 | random.next() >> 6
    }

    /// When it was made, to the microsecond; of an identifier that was made elsewhere, what its bits say.
    public var madeAt: Timestamp {
        let fraction = ((high & 0x0FFF) * 1_000 + 0x0FFF) >> 12
        return Timestamp(microseconds: Int64(high >> 16) * 1_000 + Int64(fraction))
    }

    /// Earlier identifiers are smaller (to the microsecond).
    public static func < (lhs: Self, rhs: Self) -> Bool { (lhs.high, lhs.low) < (rhs.high, rhs.low) }

    /// The canonical form, `01979f3c-…`, 36 characters.
    public var description: String {
        String(unsafeUninitializedCapacity: 36) { text in
            var digit = 0
            for index in 0..<36 {
                if index == 8 || index == 13 || index == 18 || index == 23 {
                    text[index] = UInt8(ascii: "-")
                } else {
                    text[index] = hexDigit(digit < 16 ? high : low, at: digit % 16)
                    digit += 1
                }
            }
            return 36
        }
    }

    /// Reads the canonical form, in either case; nil for anything else.
    public init?(_ text: some StringProtocol) {
        var halves: (UInt64, UInt64) = (0, 0)
        var digits = 0
        var index = 0
        for byte in text.utf8 {
            if index == 8 || index == 13 || index == 18 || index == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
            } else {
                guard let nibble = hexValue(byte), digits < 32 else { return nil }
                if digits < 16 { halves.0 = halves.0 << 4 | nibble } else { halves.1 = halves.1 << 4 | nibble }
                digits += 1
            }
            index += 1
        }
        guard index == 36 else { return nil }
        self.init(high: halves.0, low: halves.1)
    }
}

/// A fencing token: 128 bits that nobody can guess, new for every lease.
public struct LeaseToken: Hashable, Sendable, CustomStringConvertible {
    /// The first eight bytes.
    public let high: UInt64
    /// The last eight bytes.
    public let low: UInt64

    /// A token from its two halves.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A new token; `random` must be cryptographically strong.
    public init(random: inout some RandomNumberGenerator) { self.init(high: random.next(), low: random.next()) }

    /// 32 hexadecimal digits.
    public var description: String {
        String(unsafeUninitializedCapacity: 32) { text in
            for index in 0..<16 {
                text[index] = hexDigit(high, at: index)
                text[index + 16] = hexDigit(low, at: index)
            }
            return 32
        }
    }

    /// Reads 32 hexadecimal digits; nil for anything else.
    public init?(_ text: some StringProtocol) {
        var halves: (UInt64, UInt64) = (0, 0)
        var count = 0
        for byte in text.utf8 {
            guard let nibble = hexValue(byte), count < 32 else { return nil }
            if count < 16 { halves.0 = halves.0 << 4 | nibble } else { halves.1 = halves.1 << 4 | nibble }
            count += 1
        }
        guard count == 32 else { return nil }
        self.init(high: halves.0, low: halves.1)
    }
}

private func hexDigit(_ value: UInt64, at index: Int) -> UInt8 {
    let nibble = UInt8(truncatingIfNeeded: value >> UInt64(60 - 4 * index)) & 0xF
    return nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
}

private func hexValue(_ byte: UInt8) -> UInt64? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
}
