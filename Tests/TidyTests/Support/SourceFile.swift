/// A text file of the repository. `path` is relative to the root and always uses `/`.
struct SourceFile: Sendable {
    let path: String
    let text: String

    /// The text line by line.
    let lines: [String]

    /// The same lines with the contents of comments and strings blanked; equal to `lines` where the file is not Swift.
    let code: [String]

    init(path: String, text: String) {
        self.path = path
        self.text = text
        lines = SourceFile.split(text)
        code = path.hasSuffix(".swift") ? SourceFile.split(CodeMask.blanked(text)) : lines
    }

    var folders: [String] { path.split(separator: "/").dropLast().map(String.init) }

    var isSwift: Bool { path.hasSuffix(".swift") }

    /// Whether the file is Swift that we hand out: not a test and not an example.
    var isSource: Bool { isSwift && path.hasPrefix("Sources/") }

    /// The layer and the target of `Sources/<layer>/<target>/…`.
    var home: (layer: String, target: String)? {
        let folders = folders
        guard folders.count >= 3, folders[0] == "Sources" else { return nil }
        return (folders[1], folders[2])
    }

    func violation(_ line: Int, _ message: String) -> Violation {
        Violation(path: path, line: line, message: message)
    }

    private static func split(_ text: String) -> [String] {
        var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { String(decoding: $0, as: UTF8.self) }
    }
}

extension String {
    /// The text without the spaces around it.
    var trimmed: String {
        guard let last = lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(self[...last].drop { $0.isWhitespace })
    }
}
