import Testing

@testable import SojournHandlers

@Suite("Safe text") struct SafeTextTests {
    @Test(arguments: [
        ("plain text", "plain text"), ("", ""), ("grüße 漢字", "grüße 漢字"),
        ("two\nlines\r\n", "two\u{FFFD}lines\u{FFFD}\u{FFFD}"), ("\u{1B}[31mred", "\u{FFFD}[31mred"),
        ("a\u{202E}b", "a\u{FFFD}b"), ("a\0b", "a\u{FFFD}b"), ("a\u{2028}b", "a\u{FFFD}b"),
    ])
    func linesAreSafe(text: String, safe: String) {
        #expect(SafeText.line(text) == safe)
    }

    @Test func linesAreBounded() {
        #expect(SafeText.line("abcdef", limit: 3) == "abc…")
        #expect(SafeText.line("abc", limit: 3) == "abc")
    }

    @Test func severalLinesKeepTheirFeeds() {
        #expect(SafeText.lines(Array("a\r\n\tb\u{7}".utf8)) == "a\n\tb\u{FFFD}")
        #expect(SafeText.lines([0x61, 0xFF, 0x62]) == "a\u{FFFD}b")
    }
}
