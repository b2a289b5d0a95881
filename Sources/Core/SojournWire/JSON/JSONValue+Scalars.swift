extension JSONValue {
    /// A number longer than this is never decoded: no sensible field needs it.
    private static let maxNumberBytes = 64

    /// The whole number.
    ///
    /// It must be written as one: `3.0` and `3e0` are refused, because a sender that computes with fractions is wrong
    /// about this field. `-0` is 0. A number of any length is refused, never trapped on.
    /// - Parameter allowed: the values that are accepted, both ends included.
    public func int(in allowed: ClosedRange<Int>) throws(JSONError) -> Int {
        guard kind == .number, let number = wholeNumber, allowed.contains(number) else {
            let form = isWrittenAsFraction ? " without fraction or exponent" : ""
            throw mismatch(expected: "a whole number from \(allowed.lowerBound) to \(allowed.upperBound)\(form)")
        }
        return number
    }

    /// The number as the nearest `Double`, which is always finite: one too large is refused, one too small is 0.
    /// - Parameter allowed: the values that are accepted, both ends included.
    public func double(in allowed: ClosedRange<Double> = finite) throws(JSONError) -> Double {
        let bounds = allowed == Self.finite ? "" : " from \(allowed.lowerBound) to \(allowed.upperBound)"
        guard kind != .number || range.count <= Self.maxNumberBytes else {
            throw error("must be a number\(bounds) of at most \(Self.maxNumberBytes) characters, but is longer")
        }
        guard kind == .number, let number = Double(String(decoding: bytes[range], as: UTF8.self)),
            allowed.contains(number)
        else { throw mismatch(expected: "a finite number\(bounds)") }
        return number
    }

    /// Every number that a `Double` can hold.
    public static let finite = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude

    /// `true` or `false`.
    public func bool() throws(JSONError) -> Bool {
        guard kind == .bool else { throw mismatch(expected: JSONKind.bool.phrase) }
        return bytes[range.lowerBound] == 0x74
    }

    private var isWrittenAsFraction: Bool {
        kind == .number && bytes[range].contains { $0 == ASCII.dot || $0 | 0x20 == 0x65 }
    }

    /// The value as exact digits; nil when it has a fraction or an exponent, or does not fit.
    private var wholeNumber: Int? {
        let isNegative = bytes[range.lowerBound] == ASCII.minus
        var number = 0
        // Built up on the negative side, which reaches one further.
        for byte in bytes[range].dropFirst(isNegative ? 1 : 0) {
            guard byte.isDigit else { return nil }
            let (tenfold, tooLarge) = number.multipliedReportingOverflow(by: 10)
            let (next, tooLargeStill) = tenfold.subtractingReportingOverflow(Int(byte - ASCII.zero))
            if tooLarge || tooLargeStill { return nil }
            number = next
        }
        guard !isNegative else { return number }
        return number == .min ? nil : -number
    }
}

extension JSONValue {
    /// The text of a string, decoded.
    ///
    /// The NUL character and halves of surrogate pairs are refused: stores and other languages cannot hold them.
    /// - Parameter maxBytes: the longest text, in bytes of decoded UTF-8.
    public func string(maxBytes: Int) throws(JSONError) -> String {
        guard kind == .string else { throw mismatch(expected: "a string of at most \(maxBytes) bytes") }
        let content = bytes[range.lowerBound + 1..<range.upperBound - 1]
        // An escape has at most six bytes for one, so this needs no decoding.
        guard content.count / 6 <= maxBytes else { throw tooLong(maxBytes) }
        guard content.contains(ASCII.backslash) else {
            guard content.count <= maxBytes else { throw tooLong(maxBytes) }
            return String(decoding: content, as: UTF8.self)
        }
        switch JSONEscapes.decode(content) {
        case .success(let decoded) where decoded.count > maxBytes: throw tooLong(maxBytes)
        case .success(let decoded): return String(decoding: decoded, as: UTF8.self)
        case .failure(.nul): throw error("must not contain the NUL character")
        case .failure(.loneSurrogate): throw error("must not contain half of a surrogate pair")
        }
    }

    /// The case of `type` whose raw value is this string; the error lists all that are accepted.
    public func choice<Choice>(of type: Choice.Type) throws(JSONError) -> Choice
    where Choice: RawRepresentable & CaseIterable, Choice.RawValue == String {
        let words = type.allCases.map(\.rawValue)
        let expected = "one of \(words.joined(separator: ", "))"
        guard kind == .string else { throw mismatch(expected: expected) }
        let longest = words.map(\.utf8.count).max() ?? 0
        guard let word = try? string(maxBytes: longest), let choice = Choice(rawValue: word) else {
            throw error("must be \(expected)")
        }
        return choice
    }

    private func tooLong(_ maxBytes: Int) -> JSONError {
        error("must be a string of at most \(maxBytes) bytes, but is longer")
    }
}
