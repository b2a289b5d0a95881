#if HTTP
import Foundation

/// A page of the docs with a block that is made from the code, between two comments.
struct DocsPage {
    private let name: String
    private var text: String
    private var range: Range<String.Index>

    /// Opens the page in `docs` called `name`.
    init(_ name: String) throws {
        self.name = name
        text = try String(contentsOf: Self.url(name), encoding: .utf8)
        guard let start = text.range(of: "anew -->\n"), let end = text.range(of: "<!-- end of routes -->") else {
            throw CocoaError(.formatting)
        }
        range = start.upperBound..<end.lowerBound
    }

    /// What stands between the comments.
    var block: String { String(text[range]) }

    /// Writes the page with another block.
    mutating func replace(with block: String) throws {
        text.replaceSubrange(range, with: block)
        try Data(text.utf8).write(to: Self.url(name))
        self = try Self(name)
    }

    /// Where a page of the docs lies.
    static func url(_ name: String) -> URL {
        let folder = (0..<4).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() }
        return folder.appendingPathComponent("docs/\(name)")
    }
}
#endif
