/// Instants as RFC 3339 writes them, in microseconds since 1970-01-01T00:00:00Z, for the years 0001 to 9999.
public enum RFC3339 {
    /// 0001-01-01T00:00:00Z.
    static let earliest: Int64 = -62_135_596_800_000_000
    /// 9999-12-31T23:59:59.999999Z.
    static let latest: Int64 = 253_402_300_799_999_999

    /// The instant that `text` names; nil when it is not RFC 3339 or lies outside the years 0001 to 9999 in UTC.
    ///
    /// `t` and `z` may be small. Of a fraction (1 to 9 digits) microseconds count, the rest is cut off.
    /// A leap second (`:60`) is refused: the count of seconds since 1970 has no number for it.
    public static func parse(_ text: String) -> Int64? {
        var text = text
        return text.withUTF8 { bytes in
            var fields = Fields(bytes: bytes)
            return fields.instant()
        }
    }

    /// For example `2026-11-21T04:31:00.123456Z`: always in UTC and 27 characters long, so that order of text is order
    /// of time. Instants outside the years 0001 to 9999 are moved to the nearest one inside.
    public static func format(microseconds: Int64) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(27)
        append(microseconds: microseconds, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    static func append(microseconds: Int64, to bytes: inout [UInt8]) {
        // Counted from the earliest year, so that all divisions are of numbers that are not negative.
        let sinceEarliest = min(max(microseconds, earliest), latest) - earliest
        let (seconds, fraction) = sinceEarliest.quotientAndRemainder(dividingBy: 1_000_000)
        let (days, second) = seconds.quotientAndRemainder(dividingBy: 86_400)
        let date = Calendar.civil(days: days + earliest / 86_400_000_000)
        append(date.year, width: 4, to: &bytes)
        append(date.month, width: 2, after: "-", to: &bytes)
        append(date.day, width: 2, after: "-", to: &bytes)
        append(second / 3600, width: 2, after: "T", to: &bytes)
        append(second / 60 % 60, width: 2, after: ":", to: &bytes)
        append(second % 60, width: 2, after: ":", to: &bytes)
        append(fraction, width: 6, after: ".", to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
    }

    private static func append(
        _ number: Int64, width: Int, after separator: Unicode.Scalar? = nil, to bytes: inout [UInt8]
    ) {
        if let separator { bytes.append(UInt8(ascii: separator)) }
        var unit: Int64 = 1
        for _ in 1..<width { unit *= 10 }
        while unit > 0 {
            bytes.append(ASCII.zero + UInt8(truncatingIfNeeded: number / unit % 10))
            unit /= 10
        }
    }
}

extension RFC3339 {
    /// The Gregorian calendar as arithmetic on days since 1970-01-01. The year is taken to begin in March, so that the
    /// leap day is the last one (Howard Hinnant, "chrono-compatible low-level date algorithms").
    enum Calendar {
        private static let daysPerEra: Int64 = 146_097  // 400 years
        private static let daysBeforeEpoch: Int64 = 719_468  // 0000-03-01 to 1970-01-01

        /// For years 1 to 9999.
        static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
            let shifted = month > 2 ? year : year - 1
            let (era, yearOfEra) = shifted.quotientAndRemainder(dividingBy: 400)
            let monthFromMarch = (month + 9) % 12
            let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
            let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            return era * daysPerEra + dayOfEra - daysBeforeEpoch
        }

        /// For days in the years 1 to 9999.
        static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
            let (era, dayOfEra) = (days + daysBeforeEpoch).quotientAndRemainder(dividingBy: daysPerEra)
            let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
            let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
            let monthFromMarch = (5 * dayOfYear + 2) / 153
            let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
            let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
            return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
        }

        static func daysInMonth(_ month: Int64, year: Int64) -> Int64 {
            switch month {
            case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
            case 4, 6, 9, 11: 30
            default: 31
            }
        }
    }

    /// Reads the parts of a text one after the other.
    private struct Fields {
        let bytes: UnsafeBufferPointer<UInt8>
        var at = 0

        mutating func instant() -> Int64? {
            guard let days = date(), let seconds = time(), let fraction = fraction(), let offset = offset(),
                at == bytes.count
            else { return nil }
            let instant = ((days * 86_400) + seconds - offset) * 1_000_000 + fraction
            return earliest...latest ~= instant ? instant : nil
        }

        private mutating func date() -> Int64? {
            guard let year = number(digits: 4, in: 1...9999), take("-"),
                let month = number(digits: 2, in: 1...12), take("-"),
                let day = number(digits: 2, in: 1...Calendar.daysInMonth(month, year: year)), take("T", or: "t")
            else { return nil }
            return Calendar.days(year: year, month: month, day: day)
        }

        private mutating func time() -> Int64? {
            guard let hour = number(digits: 2, in: 0...23), take(":"),
                let minute = number(digits: 2, in: 0...59), take(":"),
                let second = number(digits: 2, in: 0...59)
            else { return nil }
            return hour * 3600 + minute * 60 + second
        }

        /// In microseconds; 0 when there is none.
        private mutating func fraction() -> Int64? {
            guard take(".") else { return 0 }
            var nanoseconds: Int64 = 0
            var unit: Int64 = 100_000_000
            let start = at
            while at < bytes.count, bytes[at].isDigit {
                nanoseconds += Int64(bytes[at] - ASCII.zero) * unit
                unit /= 10
                at += 1
            }
            return 1...9 ~= at - start ? nanoseconds / 1000 : nil
        }

        /// In seconds to the east of UTC.
        private mutating func offset() -> Int64? {
            if take("Z", or: "z") { return 0 }
            let isWest = take("-")
            guard isWest || take("+"), let hour = number(digits: 2, in: 0...23), take(":"),
                let minute = number(digits: 2, in: 0...59)
            else { return nil }
            let seconds = hour * 3600 + minute * 60
            return isWest ? -seconds : seconds
        }

        private mutating func number(digits: Int, in allowed: ClosedRange<Int64>) -> Int64? {
            guard at + digits <= bytes.count else { return nil }
            var number: Int64 = 0
            for byte in bytes[at..<at + digits] {
                guard byte.isDigit else { return nil }
                number = number * 10 + Int64(byte - ASCII.zero)
            }
            at += digits
            return allowed.contains(number) ? number : nil
        }

        private mutating func take(_ letter: Unicode.Scalar, or other: Unicode.Scalar? = nil) -> Bool {
            guard at < bytes.count else { return false }
            let found = Unicode.Scalar(bytes[at])
            guard found == letter || found == other else { return false }
            at += 1
            return true
        }
    }
}

// MARK: - In JSON

extension JSONValue {
    /// The instant that this RFC 3339 string names, in microseconds since 1970.
    public func instant() throws(JSONError) -> Int64 {
        let expected = "a time such as 2026-11-21T04:31:00Z"
        guard kind == .string else { throw mismatch(expected: expected) }
        guard let text = try? string(maxBytes: 64), let instant = RFC3339.parse(text) else {
            throw error("must be \(expected), in the years 0001 to 9999")
        }
        return instant
    }
}

extension JSONWriter {
    /// One field with an instant as `RFC3339.format(microseconds:)` writes it; nil as `null`.
    public mutating func field(_ name: StaticString, instant microseconds: Int64?) {
        key(name)
        guard let microseconds else { return value(raw: []) }
        scalar {
            $0.append(ASCII.quote)
            RFC3339.append(microseconds: microseconds, to: &$0)
            $0.append(ASCII.quote)
        }
    }
}
