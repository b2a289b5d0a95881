import Testing

@testable import SojournTerminal

@Suite("Text on a terminal") struct GlyphTests {
    @Test(arguments: [
        ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("ｶ", 1), ("Ａ", 2), ("한", 2), ("😀", 2),
        ("⚡", 2), ("✓▲✗‖·–█▁", 8), ("\u{2764}\u{FE0F}", 1), ("λ", 1), ("กำ", 2), ("\u{3000}", 2),
    ])
    func width(text: String, columns: Int) {
        #expect(Glyphs.width(text) == columns)
    }

    @Test(arguments: [
        ("a\u{1B}[31mb", #"a\u{1b}[31mb"#), ("a\nb\tc\rd", #"a\nb\tc\rd"#), ("\u{9B}2J", #"\u{9b}2J"#),
        ("\u{202E}abc", #"\u{202e}abc"#), ("a\u{200B}b", #"a\u{200b}b"#), ("\u{2066}", #"\u{2066}"#),
        ("a\u{AD}b", #"a\u{ad}b"#), ("\u{FEFF}", #"\u{feff}"#), ("\u{2028}", #"\u{2028}"#),
        ("\u{E000}", #"\u{e000}"#), ("\u{7F}", #"\u{7f}"#), ("\u{301}a", "a"),
        ("a\u{301}\u{301}\u{301}\u{301}", "a\u{301}\u{301}"),
        ("👩\u{200D}👧", #"👩\u{200d}👧"#), ("👍🏽", #"👍\u{1f3fd}"#), ("🇩🇪", #"\u{1f1e9}\u{1f1ea}"#),
        ("\u{115F}", #"\u{115f}"#),
        ("\n\u{301}", #"\n"#),
    ])
    func shows(text: String, shown: String) {
        #expect(Glyphs.of(text).map(\.text).joined().unicodeScalars.elementsEqual(shown.unicodeScalars))
    }

    @Test(arguments: [
        ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("abcdef", 1, "…"), ("abcdef", 0, ""), ("日本語", 5, "日本…"),
        ("日本語", 4, "日…"), ("日本語", 2, "…"),
    ])
    func fits(text: String, columns: Int, shown: String) {
        #expect(Glyphs.fitted(text, to: columns).map(\.text).joined() == shown)
    }

    @Test func wraps() {
        let lines = Line.wrapped("one two three four", to: 9).map { $0.cells.map(\.text).joined() }
        #expect(lines == ["one two", "three", "four"])
        let short = Line.wrapped("one two three four", to: 9, limit: 2).map { $0.cells.map(\.text).joined() }
        #expect(short == ["one two", "three fo…"])
    }

    @Test(arguments: [
        (0.0, "0.0 %"), (0.9991, "99.9 %"), (0.99996, "99.9 %"), (1.0, "100 %"), (1.304, "130 %"), (9.2, "920 %"),
        (Double.nan, "–"), (1e300, "1000000G %"),
    ])
    func shares(share: Double, text: String) {
        #expect(Numerals.share(share) == text)
    }

    @Test(arguments: [
        (0.0, "0"), (0.04, "0"), (0.25, "0.3"), (12.0, "12"), (99.94, "99.9"), (157.2, "157"), (12_345.0, "12.3k"),
        (-1e300, "-1000000G"),
    ])
    func rates(rate: Double, text: String) {
        #expect(Numerals.rate(rate) == text)
    }

    @Test func durations() {
        #expect(Numerals.duration(.milliseconds(350)) == "350 ms")
        #expect(Numerals.duration(.seconds(2)) == "2.0 s")
        #expect(Numerals.configured(.seconds(2)) == "2 s")
        #expect(Numerals.configured(.milliseconds(2_500)) == "2.5 s")
        #expect(Numerals.configured(nil) == "–")
        #expect(Numerals.duration(.seconds(3_600 * 24 * 3)) == "3.0 d")
        #expect(Numerals.age(.seconds(125)) == "2 min")
    }
}
