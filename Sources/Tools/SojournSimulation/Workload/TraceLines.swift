/// The lines of a trace that have values: neither empty nor comments (`#`).
struct TraceLines {
    struct Line {
        let number: Int
        let fields: [String]

        /// The number in a column.
        func number(_ column: Int, named name: String, in range: ClosedRange<Double>) throws(TraceError) -> Double {
            guard column < fields.count else {
                throw TraceError(
                    line: number, problem: "\(name) is missing; the line has \(fields.count) of \(column + 1) columns")
            }
            guard let value = Double(fields[column]), range.contains(value) else {
                let (low, high) = (Int(range.lowerBound), Int(range.upperBound))
                throw TraceError(
                    line: number,
                    problem: "\(name) must be a number from \(low) to \(high), not \"\(fields[column].prefix(40))\"")
            }
            return value
        }
    }

    private let lines: [ArraySlice<UInt8>]
    private var position = 0

    init(_ bytes: [UInt8]) {
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        let text = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]
        lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    }

    mutating func next() -> Line? {
        while position < lines.count {
            let fields = lines[position].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
                .map(Self.field)
            position += 1
            let isEmpty = fields.allSatisfy(\.isEmpty)
            if !isEmpty, fields.first?.hasPrefix("#") != true { return Line(number: position, fields: fields) }
        }
        return nil
    }

    /// Gives the last line again.
    mutating func back() { position = max(0, position - 1) }

    /// The text of a field without blanks and quotes around it.
    private static func field(_ bytes: ArraySlice<UInt8>) -> String {
        let blanks: [UInt8] = Array(" \t\r\"".utf8)
        let start = bytes.drop { blanks.contains($0) }
        let end = start.lastIndex { !blanks.contains($0) }.map { $0 + 1 } ?? start.startIndex
        return String(decoding: start[..<end], as: UTF8.self)
    }
}

/// Which column of a trace holds what.
struct TraceLayout {
    var isHeader = false
    var arrivals = 0
    var services: Int?
    var counts: Int?

    init(_ line: TraceLines.Line) throws(TraceError) {
        let names = line.fields.map { $0.lowercased() }
        let isNumber = line.fields.map { Double($0) != nil }
        if isNumber.contains(true) {
            try readFirst(line, isNumber)
            return
        }
        isHeader = true
        func column(_ words: [String]) -> Int? { names.firstIndex { name in words.contains { name.hasPrefix($0) } } }
        if let counts = column(["count", "requests", "tasks"]) {
            self.counts = counts
            return
        }
        guard let arrivals = column(["arriv", "time", "instant"]) else {
            throw TraceError(
                line: line.number,
                problem: "the header must name a column \"count\", or \"arrival\" and perhaps \"service\"")
        }
        self.arrivals = arrivals
        services = column(["service", "duration", "seconds"])
    }

    private mutating func readFirst(_ line: TraceLines.Line, _ isNumber: [Bool]) throws(TraceError) {
        switch isNumber {
        case [true]: break
        case [true, true]: services = 1
        case [false, true]: counts = 1
        default:
            throw TraceError(
                line: line.number,
                problem:
                    "a trace without a header must have one or two columns: arrival and perhaps service in seconds,"
                    + " or a date and a count per minute")
        }
    }
}
