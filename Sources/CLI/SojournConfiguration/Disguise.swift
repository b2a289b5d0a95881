/// Puts two characters of YAML out of sight while Yams reads a text, and back afterwards.
///
/// Yams replaces every alias (`*name`) by a copy, and hashes the keys of each map, which may be whole documents
/// (`? key`). So a few lines of nested aliases (the "billion laughs") or nested keys could keep it busy for hours
/// before any limit of ours is asked. With `*` and `?` replaced by characters that the text does not contain, all that
/// is left costs time in proportion to its length; the lines and columns stay the same.
struct Disguise {
    private let star: Unicode.Scalar
    private let questionMark: Unicode.Scalar

    /// nil where the text uses up the private-use characters.
    init?(for text: String) {
        let used = Set(text.unicodeScalars.lazy.filter { (0xE000...0xF8FF).contains($0.value) })
        let free = (0xE000...0xF8FF).lazy.compactMap(Unicode.Scalar.init).filter { !used.contains($0) }.prefix(2)
        guard let star = free.first, let questionMark = free.dropFirst().first else { return nil }
        (self.star, self.questionMark) = (star, questionMark)
    }

    func hide(_ text: String) -> String { replacing(["*": star, "?": questionMark], in: text) }

    func restore(_ text: String) -> String { replacing([star: "*", questionMark: "?"], in: text) }

    /// The name after the `*` with which a hidden text began, or nil where it began with something else.
    func aliasName(_ text: String) -> String? {
        guard text.unicodeScalars.first == star else { return nil }
        return restore(String(text.unicodeScalars.dropFirst()))
    }

    private func replacing(_ replacements: [Unicode.Scalar: Unicode.Scalar], in text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { replacements[$0] ?? $0 }))
    }
}
