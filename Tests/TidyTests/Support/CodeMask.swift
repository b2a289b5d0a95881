/// Blanks the contents of comments and string literals, so that a rule sees only code.
///
/// Newlines stay, so line numbers do too; code inside `\(…)` stays, because it runs; quotes stay, to mark a string.
/// A bare `/regex/` is taken for code: telling it from a division needs a parser; write `#/regex/#`.
struct CodeMask {
    private enum Mode {
        /// `depth` counts the open parentheses of an interpolation; nil at the bottom of the stack.
        case code(depth: Int?)
        case string(hashes: Int, quotes: Int)
    }

    private var bytes: [UInt8]
    private var index = 0
    private var modes: [Mode] = [.code(depth: nil)]

    static func blanked(_ text: String) -> String {
        var mask = CodeMask(bytes: Array(text.utf8))
        mask.run()
        return String(decoding: mask.bytes, as: UTF8.self)
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func run() {
        while index < bytes.count, let mode = modes.last {
            switch mode {
            case .code(let depth): code(depth)
            case .string(let hashes, let quotes): string(hashes, quotes)
            }
        }
    }

    private mutating func code(_ depth: Int?) {
        if sees("//") { return blankLine() }
        if sees("/*") { return blankComment() }
        let hashes = run(of: "#", at: index)
        let quotes = run(of: "\"", at: index + hashes)
        if quotes > 0 { return open(hashes: hashes, quotes: quotes) }
        if hashes > 0 && sees("/", at: index + hashes) { return blankRegex(hashes) }
        if let depth, sees("(") { modes[modes.count - 1] = .code(depth: depth + 1) }
        if let depth, sees(")") { close(depth) }
        index += max(1, hashes)
    }

    private mutating func open(hashes: Int, quotes: Int) {
        // Two quotes are an empty string; three open a text of several lines.
        if quotes == 2 {
            index += hashes + quotes + hashes
        } else {
            let opening = min(quotes, 3)
            modes.append(.string(hashes: hashes, quotes: opening))
            index += hashes + opening
        }
    }

    private mutating func close(_ depth: Int) {
        modes[modes.count - 1] = .code(depth: depth - 1)
        if depth == 1 { modes.removeLast() }
    }

    private mutating func string(_ hashes: Int, _ quotes: Int) {
        if sees("\\"), run(of: "#", at: index + 1) >= hashes { return escape(hashes) }
        if run(of: "\"", at: index) >= quotes, run(of: "#", at: index + quotes) >= hashes {
            index += quotes + hashes
            modes.removeLast()
            return
        }
        // An open quote ends with its line: damage from a bare regex stays small.
        if sees("\n"), quotes == 1 { modes.removeLast() }
        blank()
    }

    private mutating func escape(_ hashes: Int) {
        for _ in 0...hashes { blank() }
        if sees("(") {
            index += 1
            modes.append(.code(depth: 1))
        } else {
            blank()
        }
    }

    private mutating func blankLine() {
        while index < bytes.count, !sees("\n") { blank() }
    }

    private mutating func blankComment() {
        var depth = 0
        repeat {
            let step = sees("/*") ? 1 : sees("*/") ? -1 : 0
            depth += step
            blank()
            if step != 0 { blank() }
        } while depth > 0 && index < bytes.count
    }

    private mutating func blankRegex(_ hashes: Int) {
        index += hashes + 1
        while index < bytes.count, !(sees("/") && run(of: "#", at: index + 1) >= hashes) { blank() }
        index += 1 + hashes
    }

    private mutating func blank() {
        guard index < bytes.count else { return }
        if !sees("\n") { bytes[index] = UInt8(ascii: " ") }
        index += 1
    }

    private func sees(_ word: StaticString, at start: Int? = nil) -> Bool {
        let start = start ?? index
        guard start + word.utf8CodeUnitCount <= bytes.count else { return false }
        return (0..<word.utf8CodeUnitCount).allSatisfy { bytes[start + $0] == word.utf8Start[$0] }
    }

    private func run(of byte: Unicode.Scalar, at start: Int) -> Int {
        var end = start
        while end < bytes.count, bytes[end] == UInt8(ascii: byte) { end += 1 }
        return end - start
    }
}
