/// Finds the bodies of functions, initialisers, subscripts and computed properties: counts brackets in blanked code.
struct FunctionBodies {
    struct Body {
        /// The line of the declaration, from 1.
        let line: Int
        /// The lines between the braces.
        let length: Int
    }

    static func all(in file: SourceFile) -> [Body] {
        let finder = FunctionBodies(code: Array(file.code.joined(separator: "\n").utf8))
        return finder.declarations().compactMap(finder.body)
    }

    private let code: [UInt8]
    /// The line of each byte.
    private let lineOf: [Int]

    private init(code: [UInt8]) {
        self.code = code
        var line = 1
        lineOf = code.map { byte in
            defer { if byte == UInt8(ascii: "\n") { line += 1 } }
            return line
        }
    }

    /// Where the keywords that may open a body end. `.init` is a call.
    private func declarations() -> [Int] {
        var ends: [Int] = []
        var index = 0
        while index < code.count {
            let end = endOfWord(index)
            if end > index, !(index > 0 && code[index - 1] == UInt8(ascii: ".")), opensBody(index..<end) {
                ends.append(end)
            }
            index = max(end, index + 1)
        }
        return ends
    }

    private func opensBody(_ word: Range<Int>) -> Bool {
        guard (3...9).contains(word.count) else { return false }
        return ["func", "init", "deinit", "subscript", "var"].contains(String(decoding: code[word], as: UTF8.self))
    }

    private func body(from keyword: Int) -> Body? {
        guard let open = brace(after: keyword), let close = match(open) else { return nil }
        return Body(line: lineOf[keyword - 1], length: max(0, lineOf[close] - lineOf[open] - 1))
    }

    /// The `{` of the declaration; nil where it ends without one, as in a protocol.
    private func brace(after keyword: Int) -> Int? {
        var depth = 0
        for index in keyword..<code.count {
            switch code[index] {
            case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "{") where depth == 0: return index
            case UInt8(ascii: "}") where depth == 0: return nil
            case UInt8(ascii: "\n") where depth == 0 && !continues(after: index): return nil
            default: break
            }
            if depth < 0 { return nil }
        }
        return nil
    }

    /// Whether the declaration goes on after the line break at `index`.
    private func continues(after index: Int) -> Bool {
        let blank: Set<UInt8> = [UInt8(ascii: " "), UInt8(ascii: "\n")]
        guard let next = code[index...].firstIndex(where: { !blank.contains($0) }),
            let last = code[..<index].lastIndex(where: { !blank.contains($0) })
        else { return false }
        if ",&:".utf8.contains(code[last]) || endsWith("where", last) || endsWith("->", last) { return true }
        let starts = ["{", "->", "where", "async", "throws", "rethrows", "&", ":"]
        return starts.contains { code[next...].starts(with: $0.utf8) }
    }

    private func endsWith(_ word: String, _ last: Int) -> Bool {
        code[...last].reversed().starts(with: word.utf8.reversed())
    }

    private func match(_ open: Int) -> Int? {
        var depth = 0
        return code[open...].indices.first { index in
            if code[index] == UInt8(ascii: "{") { depth += 1 }
            if code[index] == UInt8(ascii: "}") { depth -= 1 }
            return depth == 0
        }
    }

    private func endOfWord(_ start: Int) -> Int {
        var end = start
        while end < code.count, isWord(code[end]) { end += 1 }
        return end
    }

    private func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: byte >= 128
        }
    }
}
