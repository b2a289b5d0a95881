/// The words of a line of code, without its attributes: `@MainActor public func a()` → public, func, a.
struct Declaration {
    let words: [String]

    init(_ line: String) {
        var rest = line[...].drop { $0 == " " }
        while rest.first == "@" { rest = Declaration.skipAttribute(rest) }
        // `public private(set) var` and `init(a: Int)`: the parenthesis ends a word.
        words = rest.split { $0 == " " || $0 == ":" || $0 == "{" || $0 == "<" }.map { word in
            String(word.prefix { $0 != "(" && $0 != "?" })
        }
    }

    /// The keyword that says what is declared, with the modifiers before it; nil where the line declares nothing.
    var head: (modifiers: [String], keyword: String)? {
        guard let end = words.firstIndex(where: { !Declaration.modifiers.contains($0) }) else { return nil }
        let modifiers = Array(words[..<end])
        if Declaration.keywords.contains(words[end]) { return (modifiers, words[end]) }
        // `class` is a modifier in `class func` and the keyword in `final class Name`.
        return modifiers.contains("class") ? (modifiers, "class") : nil
    }

    private static let modifiers: Set<String> = [
        "public", "open", "package", "internal", "private", "fileprivate", "static", "class", "final", "override",
        "required", "convenience", "lazy", "weak", "unowned", "mutating", "nonmutating", "consuming", "borrowing",
        "nonisolated", "isolated", "indirect", "dynamic", "optional", "prefix", "postfix", "infix", "distributed",
    ]

    private static let keywords: Set<String> = [
        "struct", "enum", "protocol", "extension", "actor", "typealias", "associatedtype", "func", "var", "let", "init",
        "subscript", "operator", "macro", "case", "import",
    ]

    private static func skipAttribute(_ line: Substring) -> Substring {
        var rest = line.dropFirst().drop { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
        if rest.first == "(" {
            var depth = 0
            rest = rest.drop { character in
                if character == "(" { depth += 1 }
                if character == ")" { depth -= 1 }
                return depth > 0 || character != ")"
            }
            rest = rest.dropFirst()
        }
        return rest.drop { $0 == " " }
    }
}
