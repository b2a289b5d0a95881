import SojournWire
import Testing

/// The cases follow JSONTestSuite (Nicolas Seriot, "Parsing JSON is a minefield").
@Suite struct JSONGrammarTests {
    @Test(
        arguments: [
            "[[]   ]", "[]", "[\"\"]", "[\"a\"]", "[false]", "[null, 1, \"1\", {}]", "[null]", "[1\n]", " [1]",
            "[1,null,null,null,2]", "[2] ", "[123e65]", "[0e+1]", "[0e1]", "[ 4]",
            "[-0.000000000000000000000000000001]",
            "[20e1]", "[-0]", "[-123]", "[-1]", "[1E22]", "[1E-2]", "[1E+2]", "[123e45]", "[123.456e78]", "[1e-2]",
            "[1e+2]", "[123]", "[123.456789]", "{\"asd\":\"sdf\", \"dfg\":\"fgh\"}", "{\"asd\":\"sdf\"}",
            "{\"a\":\"b\",\"a\":\"c\"}", "{}", "{\"\":0}", "{\"foo\\u0000bar\": 42}",
            "{\"min\": -1.0e+28, \"max\": 1.0e+28}",
            "{\"a\":[]}", "{\n\"a\": \"b\"\n}", "[\"\\u0060\\u012a\\u12AB\"]", "[\"\\uD801\\udc37\"]",
            "[\"\\ud83d\\ude39\\ud83d\\udc8d\"]", "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]", "[\"\\\\u0000\"]", "[\"\\\"\"]",
            "[\"a/*b*/c/*d//e\"]", "[\"\\\\a\"]", "[\"\\\\n\"]", "[\"\\u0012\"]", "[\"\\uFFFF\"]", "[\"asd\"]",
            "[ \"asd\"]",
            "[\"new\\u00A0line\"]", "[\"\u{10FFFF}\"]", "[\"\u{FFFF}\"]", "[\"\\u0000\"]", "[\"\\u002c\"]",
            "[\"\u{3C0}\"]",
            "[\"asd \"]", "\" \"", "[\"\u{2028}\"]", "[\"\u{2029}\"]", "[\"\\u0821\"]", "[\"\u{7F}\"]",
            "[\"a\u{7F}a\"]",
            "[\"\\uA66D\"]", "false", "42", "-0.1", "null", "\"asd\"", "true", "\"\"", "[\"a\"]\n", "[true]",
            "\t[] \r\n",
        ] as [String])
    func accepts(_ text: String) {
        #expect(isJSON(Array(text.utf8)))
    }

    @Test(
        arguments: [
            "[1 true]", "[\"\": 1]", "[\"\"],", "[,1]", "[1,,2]", "[\"x\",,]", "[\"x\"]]", "[\"\",]", "[\"x\"", "[x",
            "[3[4]]",
            "[1:2]", "[,]", "[-]", "[   , \"\"]", "[\"a\",\n4\n,1,", "[1,]", "[1,,]", "[*]", "[\"\"", "[1,",
            "[1,\n1\n,1",
            "[{}", "[fals]", "[nul]", "[tru]", "[++1234]", "[+1]", "[+Inf]", "[-01]", "[-1.0.]", "[-2.]", "[-NaN]",
            "[.-1]",
            "[.2e-3]", "[0.1.2]", "[0.3e+]", "[0.3e]", "[0.e1]", "[0E+]", "[0E]", "[0e+]", "[0e]", "[1.0e+]", "[1.0e-]",
            "[1.0e]", "[1 000.0]", "[1eE2]", "[2.e+3]", "[2.e-3]", "[2.e3]", "[9.e+]", "[Inf]", "[NaN]", "[1+2]",
            "[0x1]",
            "[0x42]", "[Infinity]", "[0e+-1]", "[-123.123foo]", "[-Infinity]", "[-foo]", "[- 1]", "[-012]", "[-.123]",
            "[-1x]", "[1ea]", "[1.]", "[.123]", "[1.2a-3]", "[1.8011670033376514H-308]", "[012]", "[\u{FF11}]",
            "[\"x\", truth]", "{[: \"x\"}", "{\"x\", null}", "{\"x\"::\"b\"}", "{\u{1F1E8}\u{1F1ED}}",
            "{\"a\":\"a\" 123}",
            "{key: 'value'}", "{\"a\" b}", "{:\"b\"}", "{\"a\" \"b\"}", "{\"a\":", "{\"a\"", "{1:1}", "{9999E9999:1}",
            "{null:null,null:null}", "{\"id\":0,,,,,}", "{'a':0}", "{\"id\":0,}", "{\"a\":\"b\"}/**/",
            "{\"a\":\"b\"}/**//",
            "{\"a\":\"b\"}//", "{\"a\":\"b\"}/", "{\"a\":\"b\",,\"c\":\"d\"}", "{a: \"b\"}", "{\"a\":\"a",
            "{ \"foo\" : \"bar\", \"a\" }",
            "{\"a\":\"b\"}#", " ", "[\"\\uD800\\\"]", "[\"\\uD800\\u\"]", "[\"\\uD800\\u1\"]", "[\"\\uD800\\u1x\"]",
            "[\u{E9}]",
            "[\"\\x00\"]", "[\"\\\\\\\"]", "[\"\\\t\"]", "[\"\\\u{1F300}\"]", "[\"\\\"]", "[\"\\u00A\"]",
            "[\"\\uD834\\uDd\"]",
            "[\"\\uD800\\uD800\\x\"]", "[\"\\a\"]", "[\"\\uqqqq\"]", "[\\u0020\"asd\"]", "[\\n]", "\"",
            "['single quote']", "abc",
            "[\"\\", "[\"a\u{0}a\"]", "[\"new\nline\"]", "[\"\t\"]", "\"\\UA66D\"", "\"\"x", "<.>", "[<null>]", "[1]x",
            "[1]]",
            "[\"asd]", "aå", "[True]", "1]", "{\"x\": true,", "[][]", "]", "{}}", "{\"\":", "{\"a\":/*comment*/\"b\"}",
            "{\"a\": true} \"x\"", "['", "[,", "[{", "[\"a", "[\"a\"", "{", "{]", "{,", "{[", "{\"a", "{'a'",
            "[\"\\{[\"\\{[\"\\{[\"\\{",
            "\u{E9}", "*", "{\"a\":\"b\"}#{}", "[\\u000A\"\"]", "[1", "[ false, nul", "[ true, fals", "[ false, tru",
            "{\"asd\":\"asd\"", "\u{2060}", "[\u{2060}]", "[\u{0C}]", "[\u{A0}]", "", "-", "1\u{0}", "\u{0}", "nulll",
            "{\"a\":1]", "[1}",
        ] as [String])
    func refuses(_ text: String) {
        #expect(!isJSON(Array(text.utf8)))
    }

    /// Where the standard leaves the choice to the reader: bytes that are only stored are let through.
    @Test(arguments: [
        "[123.456e-789]", "[0.4e00669999999999999999999999999999999969999999006]", "[-1e+9999]", "[1.5e+9999]",
        "[-123123123123123123123123123123]", "[100000000000000000000]", "[123123e100000]", "[\"\\uDADA\"]",
        "[\"\\uD888\\u1234\"]", "[\"\\uD800\\n\"]", "[\"\\uDd1ea\"]", "[\"\\uD800\\uD800\\n\"]", "[\"\\ud800\"]",
        "[\"\\ud800abc\"]", "[\"\\uDd1e\\uD834\"]", "[\"\\uDFAA\"]",
    ])
    func letsThrough(_ text: String) throws {
        #expect(try parse(text).raw == Array(text.utf8))
    }

    @Test(arguments: [("[", "]"), ("{\"a\":", "}"), ("[{\"a\": ", "} ]")] as [(String, String)])
    func limitsDepth(open: String, close: String) {
        let levels = open.hasPrefix("[{") ? 2 : 1
        func nested(_ depth: Int) -> [UInt8] {
            let count = depth / levels
            return Array((String(repeating: open, count: count) + "1" + String(repeating: close, count: count)).utf8)
        }
        #expect(isJSON(nested(64)))
        #expect(!isJSON(nested(64 + levels)))
        #expect(isJSON(nested(128), maxDepth: 128))
        #expect(!isJSON(nested(128 + levels), maxDepth: .max))
        #expect(!isJSON(nested(levels), maxDepth: .min))
    }

    @Test func depthCountsOnlyWhatIsOpen() {
        #expect(isJSON(Array("[[],[],{},[[]]]".utf8), maxDepth: 3))
        #expect(!isJSON(Array("[[],[],{},[[]]]".utf8), maxDepth: 2))
        #expect(isJSON(Array("1".utf8), maxDepth: 0))
        #expect(!isJSON(Array("[]".utf8), maxDepth: 0))
    }

    @Test(
        arguments: [
            ("", "the JSON text is not valid JSON: a value is expected (at the end)", 0),
            ("[1,]", "the JSON text is not valid JSON: a value is expected (at byte 3)", 3),
            ("[1 2]", "the JSON text is not valid JSON: a comma or ] is expected (at byte 3)", 3),
            ("{\"a\" 1}", "the JSON text is not valid JSON: a colon is expected after a field name (at byte 5)", 5),
            ("{a:1}", "the JSON text is not valid JSON: a field name in double quotes is expected (at byte 1)", 1),
            ("[1] x", "the JSON text is not valid JSON: something follows the end of the value (at byte 4)", 4),
            ("\"ab", "the JSON text is not valid JSON: a string is open (at the end)", 3),
            ("[01]", "the JSON text is not valid JSON: a number must not begin with a zero (at byte 2)", 2),
        ] as [(String, String, Int)])
    func saysWhatAndWhere(text: String, sentence: String, offset: Int) {
        #expect(throws: JSONError(path: "", message: String(sentence.dropFirst(14)), offset: offset)) {
            try parse(text)
        }
        #expect(refusal { try parse(text) } == sentence)
    }

    /// Texts that a recursive or quadratic reader would not survive.
    @Test(arguments: ["[", "{\"a\":", "[{},", "9", "\"\\u00e9", "[[],", "\"é", "{\"a\":[{", " "])
    func survivesRepetition(of piece: String) {
        let bytes = Array(repeatElement(Array(piece.utf8), count: (1 << 17) / piece.utf8.count).joined())
        #expect(isJSON(bytes) == (piece == "9"))
    }
}
