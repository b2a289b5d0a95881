import SojournWire
import Testing

@Suite struct JSONUnicodeTests {
    @Test(
        arguments: [
            [0xC2, 0x80], [0xDF, 0xBF], [0xE0, 0xA0, 0x80], [0xED, 0x9F, 0xBF], [0xEE, 0x80, 0x80], [0xEF, 0xBF, 0xBF],
            [0xF0, 0x90, 0x80, 0x80], [0xF4, 0x8F, 0xBF, 0xBF], [0xEF, 0xBB, 0xBF], [0xF1, 0x80, 0x80, 0x80],
        ] as [[UInt8]] as [[UInt8]])
    func acceptsUTF8(_ character: [UInt8]) throws {
        let text = [0x22] + character + [0x22]
        #expect(try JSONValue(validating: text).string(maxBytes: 4).utf8.elementsEqual(character))
    }

    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x22], [0xC3, 0x28], [0xE0, 0x80, 0x80],
            [0xE0, 0x9F, 0xBF], [0xE1, 0x80], [0xE1, 0x80, 0x41], [0xE5], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
            [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF1, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFC, 0x83, 0xBF, 0xBF, 0xBF, 0xBF], [0xFE],
            [0xFF],
            [0xC3, 0xA9, 0xA9], [0xE2, 0x28, 0xA1], [0xF0, 0x28, 0x8C, 0xBC],
        ] as [[UInt8]] as [[UInt8]])
    func refusesOtherBytes(_ bytes: [UInt8]) {
        #expect(!isJSON([0x22] + bytes + [0x22]))
        #expect(!isJSON([0x22] + bytes))
        #expect(!isJSON([0x5B] + bytes + [0x5D]))
    }

    /// Every pair of bytes is a character exactly when Swift's own decoder says so.
    @Test func agreesWithSwiftOnAllPairs() {
        for first in UInt8(0x20)...0xFF where first != 0x22 && first != 0x5C {
            for second in UInt8(0x20)...0xFF where second != 0x22 && second != 0x5C {
                let isCharacters = String(validating: [first, second], as: UTF8.self) != nil
                if isJSON([0x22, first, second, 0x22]) != isCharacters {
                    Issue.record("\(first) \(second)")
                }
            }
        }
    }

    @Test func refusesOtherEncodings() {
        let text = "{\"a\":1}"
        #expect(!isJSON([0xEF, 0xBB, 0xBF] + Array(text.utf8)))
        #expect(!isJSON(text.utf8.flatMap { [$0, 0] }))
        #expect(!isJSON(text.utf8.flatMap { [0, $0] }))
        #expect(!isJSON([0xFF, 0xFE] + text.utf8.flatMap { [$0, 0] }))
        #expect(!isJSON(text.utf8.flatMap { [$0, 0, 0, 0] }))
    }

    @Test(
        arguments: [
            ("\\u0041\\u00e9\\u6f22\\ud83d\\uDE00", "Aé漢😀"), ("\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\u{8}\u{C}\n\r\t"),
            ("\\uDBFF\\uDFFF", "\u{10FFFF}"), ("\\ud800\\udc00", "\u{10000}"), ("\\\\u0041", "\\u0041"),
            ("é\\n漢", "é\n漢"),
            ("\\uFFFF\\ufffe\\u001f", "\u{FFFF}\u{FFFE}\u{1F}"), ("", ""), ("\\uD7FF\\uE000", "\u{D7FF}\u{E000}"),
        ] as [(String, String)])
    func decodesEscapes(written: String, meant: String) throws {
        #expect(try parse("\"\(written)\"").string(maxBytes: 100) == meant)
    }

    @Test(arguments: [
        "\\ud800", "\\udc00", "\\ud800\\ud800", "\\ud800x", "\\udc00\\ud800", "\\ud83d\\u0041", "x\\udfff",
        "\\ud800\\n",
        "\\uDBFF\\uE000", "\\ud800\\ue000", "\\ud800\\\\dc00",
    ])
    func refusesHalfPairs(_ written: String) throws {
        let value = try parse("{\"a\":\"\(written)\"}").object().required("a")
        #expect(refusal { try value.string(maxBytes: 100) } == "a must not contain half of a surrogate pair")
        #expect(value.raw == Array("\"\(written)\"".utf8))
    }

    @Test func refusesNUL() throws {
        let value = try parse("{\"a\":\"x\\u0000\"}").object().required("a")
        #expect(refusal { try value.string(maxBytes: 100) } == "a must not contain the NUL character")
        #expect(try parse("\"\\\\u0000\"").string(maxBytes: 100) == "\\u0000")
    }

    @Test(
        arguments: [("abcde", 5), ("ééé", 6), ("\\u0041\\u0041", 2), ("\\ud83d\\ude00", 4), ("\\u00e9x", 3), ("", 0)]
            as [(String, Int)])
    func limitsBytesOfDecodedText(written: String, size: Int) throws {
        let value = try parse("\"\(written)\"")
        #expect(try value.string(maxBytes: size).utf8.count == size)
        if size > 0 {
            let sentence = "the JSON text must be a string of at most \(size - 1) bytes, but is longer"
            #expect(refusal { try value.string(maxBytes: size - 1) } == sentence)
        }
    }
}
