import Testing

@testable import SojournTerminal

@Suite("From bytes to keys") struct KeyParserTests {
    @Test(arguments: [
        ("a", [Key.character("a")]), ("é", [.character("é")]), ("日", [.character("日")]), ("😀", [.character("😀")]),
        ("\u{1B}[A", [.up]), ("\u{1B}OA", [.up]), ("\u{1B}[B\u{1B}[C\u{1B}[D", [.down, .right, .left]),
        ("\u{1B}[1;2A", [.up]), ("\u{1B}[5~", [.pageUp]), ("\u{1B}[6~", [.pageDown]), ("\u{1B}[H", [.home]),
        ("\u{1B}[F", [.end]), ("\u{1B}[1~", [.home]), ("\u{1B}[4~", [.end]), ("\u{1B}[7~", [.home]),
        ("\u{1B}[8~", [.end]), ("\u{1B}OH", [.home]), ("\u{1B}OF", [.end]), ("\u{1B}[3~", [.delete]), ("\r", [.enter]),
        ("\n", [.enter]), ("\u{1B}OM", [.enter]), ("\t", [.tab]), ("\u{7F}", [.backspace]), ("\u{8}", [.backspace]),
        ("\u{3}", [.interrupt]), ("\u{1A}", [.suspend]), ("\u{C}", [.redraw]), ("\u{1}\u{2}", []),
        ("\u{1B}[200~qqy\u{3}\u{1B}[A\u{1B}[201~a", [.character("a")]), ("\u{1B}[99;99Xa", [.character("a")]),
        ("\u{1B}\u{1B}[A", [.escape, .up]), ("\u{1B}q", [.escape, .character("q")]), ("\u{1B}[\u{1B}[A", [.up]),
    ])
    func reads(text: String, keys: [Key]) {
        var parser = KeyParser()
        #expect(parser.read(text.utf8) == keys)
        // In any pieces, too.
        var pieces = KeyParser()
        #expect(text.utf8.flatMap { pieces.read([$0]) } == keys)
    }

    @Test func escapeAloneIsAKeyOnceTimeHasPassed() {
        var parser = KeyParser()
        #expect(parser.read("\u{1B}".utf8) == [])
        #expect(parser.isWaiting)
        #expect(parser.timeOut() == [.escape])
        #expect(!parser.isWaiting)
        #expect(parser.timeOut() == [])
    }

    @Test func aSequenceThatNeverEndsIsDropped() {
        var parser = KeyParser()
        #expect(parser.read("\u{1B}[5".utf8) == [])
        #expect(parser.timeOut() == [])
        #expect(parser.read("a".utf8) == [.character("a")])
        #expect(parser.read(("\u{1B}[" + String(repeating: "1", count: 100) + "~").utf8).contains(.escape) == false)
        #expect(!parser.isWaiting)
    }

    @Test func brokenTextIsLeftOut() {
        var parser = KeyParser()
        #expect(parser.read([0xC3, 0x61, 0xFF, 0x80, 0xE0, 0x80, 0x80, 0x62]) == [.character("a"), .character("b")])
    }
}
