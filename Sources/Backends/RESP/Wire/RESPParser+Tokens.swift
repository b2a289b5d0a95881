#if Redis
import NIOCore

// What a line means.
extension RESPParser {
    /// The value of `line`; nil if it opens a bulk string or an aggregate.
    mutating func token(of line: ByteBuffer) throws(Violation) -> RESPValue? {
        var rest = line
        guard let mark = rest.readInteger(as: UInt8.self) else { throw Violation("an empty line") }
        switch mark {
        case Mark.simple: return .simple(String(buffer: rest))
        case Mark.error: return .error(String(buffer: rest))
        case Mark.integer: return .integer(try integer(rest))
        case Mark.null where rest.readableBytes == 0: return .null
        case Mark.boolean: return .boolean(try boolean(rest))
        case Mark.double: return .double(try double(rest))
        case Mark.bigNumber: return .bigNumber(try bigNumber(rest))
        case Mark.bulk, Mark.bulkError, Mark.verbatim: return try openBulk(mark, rest)
        case Mark.array, Mark.map, Mark.set, Mark.push, Mark.attribute: return try openFrame(mark, rest)
        default: throw Violation("a value that begins with the byte \(mark)")
        }
    }

    private mutating func openBulk(_ mark: UInt8, _ head: ByteBuffer) throws(Violation) -> RESPValue? {
        let length = try integer(head)
        if length == -1, mark == Mark.bulk { return .null }
        guard (0...limits.bulkBytes).contains(length) else {
            throw Violation("a bulk string of \(length) bytes; at most \(limits.bulkBytes) are read")
        }
        guard replyBytes + length <= limits.replyBytes else {
            throw Violation("a reply of more than \(limits.replyBytes) bytes")
        }
        openBulk = OpenBulk(mark: mark, length: length)
        return nil
    }

    private mutating func openFrame(_ mark: UInt8, _ head: ByteBuffer) throws(Violation) -> RESPValue? {
        let stated = try integer(head)
        if stated == -1, mark == Mark.array { return .null }
        guard (0...limits.elements).contains(stated) else {
            throw Violation("an aggregate of \(stated) elements; at most \(limits.elements) are read")
        }
        let isPaired = mark == Mark.map || mark == Mark.attribute
        let count = isPaired ? stated * 2 : stated
        guard count <= limits.elements else {
            throw Violation("an aggregate of \(count) elements; at most \(limits.elements) are read")
        }
        guard count > 0 else { return mark == Mark.attribute ? nil : aggregate(mark, []) }
        guard frames.count < limits.depth else { throw Violation("values nested deeper than \(limits.depth)") }
        guard mark != Mark.push || frames.isEmpty else { throw Violation("a push inside another value") }
        var frame = Frame(mark: mark, missing: count)
        // An element takes four bytes or more; what has not arrived gets no memory yet, nor does deep nesting.
        if frames.count < 2 { frame.elements.reserveCapacity(min(count, 256, unread.readableBytes / 4)) }
        frames.append(frame)
        return nil
    }

    private func integer(_ digits: ByteBuffer) throws(Violation) -> Int {
        let number = digits.withUnsafeReadableBytes { Self.parse($0) }
        guard let number else { throw Violation("a number that is not a 64-bit integer") }
        return number
    }

    /// A decimal with an optional sign. By hand: it runs once per element of every reply.
    private static func parse(_ digits: UnsafeRawBufferPointer) -> Int? {
        guard let first = digits.first, digits.count <= 20 else { return nil }
        let isNegative = first == UInt8(ascii: "-")
        let isSigned = isNegative || first == UInt8(ascii: "+")
        guard digits.count > (isSigned ? 1 : 0) else { return nil }
        var number = 0
        for byte in digits.dropFirst(isSigned ? 1 : 0) {
            let digit = Int(byte) - 48
            guard (0...9).contains(digit) else { return nil }
            // Built below zero, where there is room for the smallest integer.
            let (tens, overflow) = number.multipliedReportingOverflow(by: 10)
            let (sum, underflow) = tens.subtractingReportingOverflow(digit)
            guard !overflow, !underflow else { return nil }
            number = sum
        }
        if isNegative { return number }
        return number == .min ? nil : -number
    }

    private func boolean(_ flag: ByteBuffer) throws(Violation) -> Bool {
        switch String(buffer: flag) {
        case "t": return true
        case "f": return false
        default: throw Violation("a boolean that is neither t nor f")
        }
    }

    private func double(_ digits: ByteBuffer) throws(Violation) -> Double {
        guard digits.readableBytes <= 400, let number = Double(String(buffer: digits)) else {
            throw Violation("a double that is not a number")
        }
        return number
    }

    private func bigNumber(_ digits: ByteBuffer) throws(Violation) -> String {
        let text = String(buffer: digits)
        let unsigned = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
        guard !unsigned.isEmpty, unsigned.utf8.allSatisfy({ (48...57).contains($0) }) else {
            throw Violation("a big number with something else than digits")
        }
        return text
    }
}
#endif
