import SojournWire
import Testing

@Suite struct JSONWriterTests {
    private func written(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter(capacity: 0)
        body(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test func placesCommas() {
        let text = written {
            $0.object {
                $0.field("a", 1)
                $0.object("sla") { $0.field("met", true) }
                $0.object("empty") { _ in }
                $0.array("tags", ["x", "y"])
                $0.array("none", [] as [Int])
                $0.array("mixed") {
                    $0.value(1)
                    $0.object { $0.field("b", "c") }
                    $0.array { $0.array { _ in } }
                    $0.value(nil as Int?)
                }
                $0.null("error")
                $0.field("worker", nil as String?)
                $0.field("payload", raw: Array("{\"k\" : [1]}".utf8))
                $0.field("nothing", raw: [])
                $0.key(named: "a\"b")
                $0.value(2)
            }
        }
        let expected = """
            {"a":1,"sla":{"met":true},"empty":{},"tags":["x","y"],"none":[],"mixed":[1,{"b":"c"},[[]],null],\
            "error":null,"worker":null,"payload":{"k" : [1]},"nothing":null,"a\\"b":2}
            """
        #expect(text == expected)
        #expect(isJSON(Array(text.utf8)))
    }

    @Test func beginAndEndAreTheSame() {
        let text = written {
            $0.beginArray()
            $0.beginObject()
            $0.key("a")
            $0.beginArray()
            $0.endArray()
            $0.endObject()
            $0.value(false)
            $0.endArray()
        }
        #expect(text == "[{\"a\":[]},false]")
    }

    @Test func passesErrorsOn() {
        struct Stop: Error {}
        var writer = JSONWriter()
        #expect(throws: Stop.self) {
            try writer.object { (_: inout JSONWriter) throws(Stop) in throw Stop() }
        }
    }

    @Test(
        arguments: [
            ("", ""), ("plain é漢😀 \u{7F}", "plain é漢😀 \u{7F}"), ("\"\\/", "\\\"\\\\/"),
            ("\u{8}\t\n\u{C}\r", "\\b\\t\\n\\f\\r"),
            ("\0\u{1}\u{1F}", "\\u0000\\u0001\\u001f"), ("</script>&", "\\u003c/script>&"),
            ("\u{2028}x\u{2029}", "\\u2028x\\u2029"),
            ("\u{2027}\u{202A}\u{E000}", "\u{2027}\u{202A}\u{E000}"), ("€", "€"),
            (
                String(repeating: "long enough for the heap ", count: 9),
                String(repeating: "long enough for the heap ", count: 9)
            ),
        ] as [(String, String)])
    func escapes(text: String, expected: String) throws {
        #expect(written { $0.value(text) } == "\"\(expected)\"")
        #expect(
            written {
                $0.object {
                    $0.key(named: text); $0.value(1)
                }
            } == "{\"\(expected)\":1}")
        if !text.utf8.contains(0) {
            #expect(try parse("\"\(expected)\"").string(maxBytes: 1000) == text)
        }
    }

    @Test func escapesFieldNames() {
        #expect(written { $0.object { $0.field("a\"<\n", 1) } } == "{\"a\\\"\\u003c\\n\":1}")
        #expect(written { $0.object { $0.field("é", 1) } } == "{\"é\":1}")
    }

    @Test(
        arguments: [0, 1, -1, 9, 10, 99, 100, -1000, 1_234_567_890, .max, .min, .max - 1, .min + 1] as [Int64]
            as [Int64])
    func writesWholeNumbers(_ number: Int64) {
        #expect(written { $0.value(number) } == "\(number)")
        #expect(written { $0.value(Int(number)) } == "\(number)")
        let bits = UInt64(bitPattern: number)
        #expect(written { $0.value(bits) } == "\(bits)")
    }

    @Test(
        arguments: [
            (0, "0.0"), (-0.0, "-0.0"), (0.1, "0.1"), (1e16, "1e+16"), (.leastNonzeroMagnitude, "5e-324"),
            (-1.5, "-1.5"),
            (1e100, "1e+100"),
            (Double.greatestFiniteMagnitude, "1.7976931348623157e+308"), (.infinity, "null"), (-.infinity, "null"),
            (.nan, "null"),
        ] as [(Double, String)])
    func writesNumbers(number: Double, expected: String) {
        #expect(written { $0.value(number) } == expected)
        #expect(isJSON(Array(expected.utf8)))
    }
}
