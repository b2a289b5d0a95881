import SojournModel
import Testing

@testable import SojournCLI

@Suite("Output") struct OutputTests {
    @Test func columnsAreAligned() {
        var table = Table([("NAME", .left), ("COUNT", .right), ("NOTE", .left)])
        table.add(["a", "1", ""])
        table.add(["longer", "1000", "x"])
        #expect(table.text == "NAME    COUNT  NOTE\na           1\nlonger   1000  x")
    }

    @Test func aCellCannotForgeARow() {
        var table = Table([("NAME", .left)])
        table.add(["a\nb\u{1B}[31m\u{202E}c"])
        #expect(table.text == "NAME\na\\nb\\u{1b}[31m\\u{202e}c")
    }

    @Test(arguments: [
        ("plain é 日本", 40, "plain é 日本"), ("12345", 5, "12345"), ("123456", 5, "1234…"), ("\u{9B}2J", 40, "\\u{9b}2J"),
        ("a\u{2028}b", 40, "a\\u{2028}b"), ("", 5, ""),
    ])
    func textIsVisible(text: String, length: Int, shown: String) {
        #expect(Visible.line(text, upTo: length) == shown)
    }

    @Test(arguments: [
        (Duration.zero, "0 ms"), (.milliseconds(999), "999 ms"), (.microseconds(999_700), "1.0 s"),
        (.seconds(90), "90.0 s"), (.seconds(120), "2.0 min"), (.seconds(7_200), "2.0 h"), (.seconds(172_800), "2.0 d"),
        (.milliseconds(-5), "-5 ms"),
    ])
    func durations(duration: Duration, shown: String) {
        #expect(Words.duration(duration) == shown)
    }

    @Test(arguments: [
        (1.0, 1, "1.0"), (-0.25, 2, "-0.25"), (0.05, 1, "0.1"), (99.96, 1, "100.0"), (2.0, 0, "2"), (1e30, 1, "1e+30"),
        (.infinity, 1, "inf"),
    ])
    func numbers(number: Double, digits: Int, shown: String) {
        #expect(Words.fixed(number, digits) == shown)
    }

    @Test(arguments: [
        ("500ms", Duration.milliseconds(500)), ("30s", .seconds(30)), ("1.5m", .seconds(90)), ("2h", .seconds(7_200)),
        ("1d", .seconds(86_400)), ("7", .seconds(7)), ("0", .zero),
    ])
    func timesAreRead(text: String, duration: Duration) throws {
        #expect(try Parse.duration(text) == duration)
    }

    @Test(arguments: ["", "s", "-1s", "1 s", "1w", "1e9s", "11000d", "nan", "1..2s", "٣s", "0x10s"])
    func otherTimesAreRefused(text: String) {
        #expect(throws: (any Error).self) { try Parse.duration(text) }
    }
}
