import SojournWire
import Testing

@Suite struct JSONScalarTests {
    @Test(
        arguments: [
            ("0", 0), ("-0", 0), ("7", 7), ("-7", -7), ("9007199254740991", 9_007_199_254_740_991),
            ("9007199254740993", 9_007_199_254_740_993),
            ("-9007199254740993", -9_007_199_254_740_993), ("9223372036854775807", Int.max),
            ("-9223372036854775808", Int.min),
            ("1000000000000000000", 1_000_000_000_000_000_000),
        ] as [(String, Int)])
    func readsWholeNumbers(text: String, number: Int) throws {
        #expect(try parse(text).int(in: .min ... .max) == number)
        #expect(try parse(" [\(text)\n] ").array(maxCount: 1)[0].int(in: number...number) == number)
    }

    @Test(arguments: [
        "9223372036854775808", "-9223372036854775809", "18446744073709551616", "100000000000000000000", "3.0", "3e0",
        "3.5", "1E2", "-0.0", "1e400", "1e-400", "\"3\"", "true", "null", "[]", "{}", "92233720368547758070",
        String(repeating: "9", count: 100_000), "-" + String(repeating: "9", count: 1000),
    ])
    func refusesOtherWholeNumbers(_ text: String) throws {
        let value = try parse(text)
        #expect(throws: JSONError.self) { try value.int(in: .min ... .max) }
    }

    @Test(
        arguments: [
            ("{\"n\":26}", "n must be a whole number from 0 to 25, but is 26"),
            ("{\"n\":-1}", "n must be a whole number from 0 to 25, but is -1"),
            ("{\"n\":3.0}", "n must be a whole number from 0 to 25 without fraction or exponent, but is 3.0"),
            ("{\"n\":\"3\"}", "n must be a whole number from 0 to 25, but is a string"),
            ("{\"n\":null}", "n must be a whole number from 0 to 25, but is null"),
            ("{\"n\":false}", "n must be a whole number from 0 to 25, but is false"),
            ("{\"n\":[]}", "n must be a whole number from 0 to 25, but is an array"),
            (
                "{\"n\":123456789012345678901234567890123}",
                "n must be a whole number from 0 to 25, but is 12345678901234567890123456789012…"
            ),
        ] as [(String, String)])
    func namesRangeAndFinding(text: String, sentence: String) throws {
        let value = try #require(try parse(text).object()["n"])
        #expect(refusal { try value.int(in: 0...25) } == sentence)
    }

    @Test(
        arguments: [
            ("0", 0), ("-0", -0.0), ("0.1", 0.1), ("1e3", 1000), ("1E-2", 0.01), ("-1.5e+2", -150), ("4", 4),
            ("1e-400", 0),
            ("1.7976931348623157e308", Double.greatestFiniteMagnitude), ("5e-324", Double.leastNonzeroMagnitude),
            ("9007199254740993", 9_007_199_254_740_992), (String(repeating: "1", count: 64), 1.1111111111111111e63),
        ] as [(String, Double)])
    func readsNumbers(text: String, number: Double) throws {
        let read = try parse(text).double()
        #expect(read == number && read.sign == number.sign)
    }

    @Test(
        arguments: [
            ("1e400", "the JSON text must be a finite number, but is 1e400"),
            ("-1e400", "the JSON text must be a finite number, but is -1e400"),
            ("true", "the JSON text must be a finite number, but is true"),
            ("\"1\"", "the JSON text must be a finite number, but is a string"),
        ] as [(String, String)])
    func refusesOtherNumbers(text: String, sentence: String) throws {
        let value = try parse(text)
        #expect(refusal { try value.double() } == sentence)
    }

    @Test func limitsNumbers() throws {
        let value = try parse("1.5")
        #expect(try value.double(in: 1...1.5) == 1.5)
        let sentence = "the JSON text must be a finite number from 0.0 to 1.0, but is 1.5"
        #expect(refusal { try value.double(in: 0...1) } == sentence)
        let long = try parse(String(repeating: "1", count: 65))
        let tooLong = "the JSON text must be a number of at most 64 characters, but is longer"
        #expect(refusal { try long.double() } == tooLong)
    }

    @Test func readsTruth() throws {
        #expect(try parse("true").bool())
        #expect(try !parse(" false ").bool())
        for text in ["1", "\"true\"", "null", "{}"] {
            let value = try parse(text)
            #expect(throws: JSONError.self) { try value.bool() }
        }
    }

    @Test func refusesStringsOfOtherKinds() throws {
        let value = try parse("12")
        let sentence = "the JSON text must be a string of at most 9 bytes, but is 12"
        #expect(refusal { try value.string(maxBytes: 9) } == sentence)
    }

    private enum Strategy: String, CaseIterable {
        case exponential, linear, fixed
    }

    @Test func readsChoices() throws {
        #expect(try parse("\"linear\"").choice(of: Strategy.self) == .linear)
        #expect(try parse("\"\\u006cinear\"").choice(of: Strategy.self) == .linear)
        for (text, end) in [
            ("\"Linear\"", ""), ("\"\"", ""), ("\"a word that is longer than all\"", ""), ("\"\\ud800\"", ""),
            ("5", ", but is 5"),
        ] {
            let value = try parse(text)
            let sentence = "the JSON text must be one of exponential, linear, fixed\(end)"
            #expect(refusal { try value.choice(of: Strategy.self) } == sentence)
        }
    }
}
