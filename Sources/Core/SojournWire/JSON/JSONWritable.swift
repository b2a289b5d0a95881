/// A value that knows how it is written as JSON. To be written, call `JSONWriter.value(_:)` or `field(_:_:)`.
public protocol JSONWritable {
    /// Writes exactly one value.
    func write(to writer: inout JSONWriter)
}

extension String: JSONWritable {
    /// A string, escaped where needed.
    public func write(to writer: inout JSONWriter) { writer.scalar(text: self) }
}

extension Bool: JSONWritable {
    /// `true` or `false`.
    public func write(to writer: inout JSONWriter) { writer.scalar(word: self ? "true" : "false") }
}

extension Int: JSONWritable {
    /// All digits. Readers that know only doubles lose some past 2^53.
    public func write(to writer: inout JSONWriter) { Int64(self).write(to: &writer) }
}

extension Int64: JSONWritable {
    /// All digits. Readers that know only doubles lose some past 2^53.
    public func write(to writer: inout JSONWriter) {
        writer.scalar(magnitude: magnitude, isNegative: self < 0)
    }
}

extension UInt64: JSONWritable {
    /// All digits. Readers that know only doubles lose some past 2^53.
    public func write(to writer: inout JSONWriter) { writer.scalar(magnitude: self, isNegative: false) }
}

extension Double: JSONWritable {
    /// The shortest digits that read back as the same number; `null` for infinities and NaN, which JSON cannot write.
    public func write(to writer: inout JSONWriter) {
        guard isFinite else { return writer.scalar(word: "null") }
        let digits = description
        writer.scalar { $0.append(contentsOf: digits.utf8) }
    }
}

extension Optional: JSONWritable where Wrapped: JSONWritable {
    /// The value, or `null`.
    public func write(to writer: inout JSONWriter) {
        guard let self else { return writer.scalar(word: "null") }
        self.write(to: &writer)
    }
}
