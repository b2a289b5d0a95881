import SojournWire
import Testing

@Suite struct JSONObjectTests {
    @Test(arguments: [
        "{\"a\" : 1 ,\"a\":2,\"\\u0061\":[ ]}", "[ 1 , 2 ]", "1e131071", "-0.0", "\"\\u0000\\ud800 \\/\"", "null",
        "true",
        "{ }", "[\n]", "\"]},{[\\\"\\\\\"", "[{\"]\":\"}\"},[[\"[\"]]]", "123456789012345678901234567890",
    ])
    func givesValuesBackExactly(_ payload: String) throws {
        let envelope = try parse("{\"x\":0, \"payload\" :\t\(payload)\r\n , \"y\":[\(payload) , \(payload)] }").object()
        #expect(envelope.names == ["x", "payload", "y"])
        #expect(envelope["payload"]?.raw == Array(payload.utf8))
        #expect(try envelope.required("y").array(maxCount: 2).map(\.raw) == [Array(payload.utf8), Array(payload.utf8)])
        #expect(try parse(" \(payload) ").raw == Array(payload.utf8))
    }

    @Test func opensOneLevelAtATime() throws {
        let root = try parse("{\"tasks\":[{\"type\":\"a\",\"retry\":{\"base_ms\":\"x\"}},{\"type\":7}],\"n\":null}")
        let tasks = try root.object().required("tasks").array(maxCount: 2).map { value throws(JSONError) in
            try value.object()
        }
        #expect(try tasks[0].required("type").string(maxBytes: 8) == "a")
        let retry = try #require(tasks[0].optional("retry")).object()
        #expect(retry.path == "tasks[0].retry")
        #expect(
            throws: JSONError(
                path: "tasks[0].retry.base_ms", message: "must be a whole number from 0 to 9, but is a string")
        ) {
            try retry.required("base_ms").int(in: 0...9)
        }
        #expect(throws: JSONError(path: "tasks[1].type", message: "must be a string of at most 8 bytes, but is 7")) {
            try tasks[1].required("type").string(maxBytes: 8)
        }
        #expect(root.path.isEmpty && root.kind == .object)
    }

    @Test func knowsKinds() throws {
        let object = try parse("{\"a\":{},\"b\":[],\"c\":\"\",\"d\":-1,\"e\":false,\"f\":null}").object()
        #expect(object.entries.map(\.value.kind) == [.object, .array, .string, .number, .bool, .null])
        #expect(object.entries.map(\.name) == ["a", "b", "c", "d", "e", "f"])
    }

    @Test func absentAndNullAreTheSame() throws {
        let object = try parse("{\"a\":null,\"b\":1}").object()
        #expect(object.optional("a") == nil && object.optional("c") == nil)
        #expect(object["a"]?.isNull == true && object["c"] == nil)
        #expect(try object.optional("b")?.int(in: 0...1) == 1)
        #expect(throws: JSONError(path: "a", message: "is required")) { try object.required("a") }
        #expect(throws: JSONError(path: "c", message: "is required")) { try object.required("c") }
    }

    @Test(arguments: [
        "{\"a\":1,\"a\":1}", "{\"b\":0,\"a\":1,\"c\":0,\"\\u0061\":{}}", "{\"a\":[],\"b\":{\"b\":1},\"a\":null}",
    ])
    func refusesDuplicates(_ text: String) throws {
        let root = try parse(text)
        #expect(throws: JSONError(path: "a", message: "appears more than once")) { try root.object() }
    }

    @Test(arguments: [2, 15, 16, 17, 18, 100] as [Int])
    func refusesDuplicatesAmong(count: Int) throws {
        let names = (0..<count).map { "\"name\($0)\":\($0)" }
        let good = try parse("{\(names.joined(separator: ","))}").object()
        #expect(good.names.count == count)
        for repeated in [0, count / 2, count - 1] {
            let bad = try parse("{\((names + [names[repeated]]).joined(separator: " , "))}")
            #expect(throws: JSONError(path: "name\(repeated)", message: "appears more than once")) { try bad.object() }
        }
    }

    @Test func leavesNestedDuplicatesAlone() throws {
        let object = try parse("{\"payload\":{\"a\":1,\"a\":2}}").object()
        #expect(object["payload"]?.raw == Array("{\"a\":1,\"a\":2}".utf8))
        #expect(refusal { try object.required("payload").object() } == "payload.a appears more than once")
    }

    @Test func tellsLookalikeNamesApart() throws {
        let object = try parse("{\"\u{212A}\":1}").object()  // the Kelvin sign, which Swift holds equal to K
        #expect(object["K"] == nil && object["\u{212A}"] != nil)
        #expect(throws: JSONError.self) { try object.refuseUnknownFields(allowed: ["K"]) }
    }

    @Test func bounds() throws {
        let root = try parse("{\"a\":1,\"b\":[1,2,3]}")
        #expect(try root.object(maxFields: 2).names == ["a", "b"])
        #expect(throws: JSONError(path: "", message: "must have at most 1 fields")) { try root.object(maxFields: 1) }
        let list = try root.object().required("b")
        #expect(try list.array(maxCount: 3).count == 3)
        #expect(throws: JSONError(path: "b", message: "must be an array of at most 2 elements, but has more")) {
            try list.array(maxCount: 2)
        }
        #expect(throws: JSONError(path: "b", message: "must be an object, but is an array")) { try list.object() }
        #expect(throws: JSONError(path: "", message: "must be an array of at most 2 elements, but is an object")) {
            try root.array(maxCount: 2)
        }
        #expect(try parse("[]").array(maxCount: 0).isEmpty)
        #expect(try parse("{ }").object(maxFields: 0).names.isEmpty)
    }

    @Test(
        arguments: [
            ("{\"\(String(repeating: "n", count: 257))\":1}", "must be a string of at most 256 bytes, but is longer"),
            ("{\"\\u0000\":1}", "must not contain the NUL character"),
            ("{\"\\ud800\":1}", "must not contain half of a surrogate pair"),
        ] as [(String, String)])
    func refusesNames(text: String, message: String) throws {
        let root = try parse(text)
        #expect(throws: JSONError(path: "(a field name)", message: message)) { try root.object() }
    }

    private static let known = ["type", "payload", "queue", "max_retries", "base_ms", "max_ms", "ab"]

    @Test(
        arguments: [
            ("typ", "did you mean type?"), ("tipe", "did you mean type?"), ("tyype", "did you mean type?"),
            ("quueu", "did you mean queue?"), ("maxretries", "did you mean max_retries?"),
            ("bas_ms", "did you mean base_ms?"),
            ("Type", "did you mean type?"), ("mx_ms", "did you mean max_ms?"), ("abc", "did you mean ab?"),
        ] as [(String, String)])
    func proposesTheNameMeant(name: String, hint: String) throws {
        let object = try parse("{\"payload\":1,\"\(name)\":1,\"other\":2}").object()
        #expect(throws: JSONError(path: name, message: "is not a known field; \(hint)")) {
            try object.refuseUnknownFields(allowed: Self.known)
        }
    }

    @Test(arguments: ["ty", "state", "TYPE", "xy", "lease_token", ""])
    func listsTheNamesKnown(name: String) throws {
        let retry = try parse("{\"retry\":{\"\(name)\":1}}").object().required("retry").object()
        let list = "type, payload, queue, max_retries, base_ms, max_ms, ab"
        let expected =
            name == "ty"
            ? JSONError(path: "retry.ty", message: "is not a known field; did you mean type?")
            : JSONError(path: "retry.\(name)", message: "is not a known field; the known fields are \(list)")
        #expect(throws: expected) { try retry.refuseUnknownFields(allowed: Self.known) }
    }

    @Test func knownFieldsPass() throws {
        try parse("{\"queue\":1,\"type\":2,\"p\\u0061yload\":3}").object().refuseUnknownFields(allowed: Self.known)
        try parse("{}").object().refuseUnknownFields(allowed: [])
    }

    @Test(
        arguments: [
            ("a\\nb\\u001b[31m", "a\u{FFFD}b\u{FFFD}[31m"), ("\\u202eevil", "\u{FFFD}evil"), ("é漢", "é漢"),
            (String(repeating: "x", count: 65), String(repeating: "x", count: 64) + "…"),
        ] as [(String, String)])
    func namesInErrorsAreHarmless(written: String, shown: String) throws {
        let object = try parse("{\"\(written)\":1}").object()
        #expect(throws: JSONError(path: shown, message: "is not a known field; the known fields are ab")) {
            try object.refuseUnknownFields(allowed: ["ab"])
        }
    }
}
