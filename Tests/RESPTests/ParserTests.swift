#if Redis
import NIOCore
import Testing

@testable import RESP

@Suite("Parser") struct ParserTests {
    static let values: [(String, RESPValue)] = [
        ("+OK\r\n", .simple("OK")),
        ("+\r\n", .simple("")),
        ("-ERR no\r\n", .error("ERR no")),
        ("!6\r\nERR no\r\n", .error("ERR no")),
        (":0\r\n", .integer(0)),
        (":+7\r\n", .integer(7)),
        (":-9223372036854775808\r\n", .integer(.min)),
        (":9223372036854775807\r\n", .integer(.max)),
        ("$3\r\na\r\n\r\n", .bulk(ByteBuffer(string: "a\r\n"))),
        ("$0\r\n\r\n", .bulk(ByteBuffer())),
        ("$-1\r\n", .null), ("*-1\r\n", .null), ("_\r\n", .null),
        ("*0\r\n", .array([])),
        ("*3\r\n:1\r\n*1\r\n+a\r\n$-1\r\n", .array([.integer(1), .array([.simple("a")]), .null])),
        ("%1\r\n+k\r\n:2\r\n", .map([.simple("k"), .integer(2)])),
        ("%0\r\n", .map([])),
        ("~2\r\n:1\r\n:2\r\n", .set([.integer(1), .integer(2)])),
        (">2\r\n+message\r\n:1\r\n", .push([.simple("message"), .integer(1)])),
        (",1.5\r\n", .double(1.5)), (",-1e3\r\n", .double(-1000)),
        (",inf\r\n", .double(.infinity)), (",-inf\r\n", .double(-.infinity)),
        ("#t\r\n", .boolean(true)), ("#f\r\n", .boolean(false)),
        ("(-349290\r\n", .bigNumber("-349290")),
        ("=7\r\ntxt:abc\r\n", .verbatim(format: "txt", ByteBuffer(string: "abc"))),
        ("|1\r\n+ttl\r\n:3\r\n:5\r\n", .integer(5)),
        ("|0\r\n:5\r\n", .integer(5)),
        ("*2\r\n:1\r\n|1\r\n+a\r\n*1\r\n+b\r\n:2\r\n", .array([.integer(1), .integer(2)])),
    ]

    @Test(arguments: values)
    func reads(text: String, value: RESPValue) throws {
        var parser = RESPParser()
        parser.append(ByteBuffer(string: text + text))
        #expect(try parser.next() == value)
        #expect(try parser.next() == value)
        #expect(try parser.next() == nil)
    }

    @Test(arguments: values)
    func readsWhateverTheSplit(text: String, value: RESPValue) throws {
        let bytes = Array(text.utf8)
        for cut in 1..<bytes.count {
            var parser = RESPParser()
            parser.append(ByteBuffer(bytes: bytes[..<cut]))
            #expect(try parser.next() == nil, "cut at \(cut)")
            parser.append(ByteBuffer(bytes: bytes[cut...] + bytes[..<cut]))
            #expect(try parser.next() == value, "cut at \(cut)")
            parser.append(ByteBuffer(bytes: bytes[cut...]))
            #expect(try parser.next() == value, "cut at \(cut)")
        }
    }

    @Test func readsByteByByte() throws {
        var parser = RESPParser()
        var found: [RESPValue] = []
        for byte in Self.values.map(\.0).joined().utf8 {
            parser.append(ByteBuffer(integer: byte))
            while let value = try parser.next() { found.append(value) }
        }
        #expect(found == Self.values.map(\.1))
    }

    @Test(arguments: [
        "\r\n", "x\r\n", "OK\r\n", "+OK\n", "+\n", ":\r\n", ":-\r\n", ":1a\r\n", ":9223372036854775808\r\n",
        ":-9223372036854775809\r\n", ":000000000000000000000001\r\n", "$-2\r\n", "$9223372036854775807\r\n", "$x\r\n",
        "$1\r\nab\r\n", "$1\r\na\n\r", "*-2\r\n", "*9223372036854775807\r\n", "%-1\r\n", "%4611686018427387904\r\n",
        "~-1\r\n", "_x\r\n", "#x\r\n", "#\r\n", ",x\r\n", ",\r\n", "(\r\n", "(-\r\n", "(1x\r\n", "=3\r\ntxt\r\n",
        "=4\r\ntxt;\r\n", "!-1\r\n", "*1\r\n>1\r\n:1\r\n", "\u{0}\r\n",
    ])
    func refuses(text: String) {
        var parser = RESPParser()
        parser.append(ByteBuffer(string: text))
        #expect(throws: RESPParser.Violation.self) { _ = try parser.next() }
    }

    static let limits = WireLimits(depth: 3, bulkBytes: 10, elements: 4, lineBytes: 40, replyBytes: 60)

    @Test(arguments: [
        ("*1\r\n*1\r\n*1\r\n:1\r\n", "*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n", "values nested deeper than 3"),
        ("$10\r\n0123456789\r\n", "$11\r\n", "a bulk string of 11 bytes; at most 10 are read"),
        ("*4\r\n:1\r\n:1\r\n:1\r\n:1\r\n", "*5\r\n", "an aggregate of 5 elements; at most 4 are read"),
        ("%2\r\n:1\r\n:1\r\n:1\r\n:1\r\n", "%3\r\n", "an aggregate of 6 elements; at most 4 are read"),
        (
            "+" + String(repeating: "a", count: 38) + "\r\n", "+" + String(repeating: "a", count: 40),
            "a line of more than 40 bytes"
        ),
        (
            "*2\r\n$10\r\n0123456789\r\n$10\r\n0123456789\r\n",
            "*4\r\n$10\r\n0123456789\r\n$10\r\n0123456789\r\n$10\r\n0123456789\r\n$10\r\n",
            "a reply of more than 60 bytes"
        ),
    ])
    func isBounded(fine: String, tooMuch: String, reason: String) throws {
        var parser = RESPParser(limits: Self.limits)
        for _ in 0..<3 {
            parser.append(ByteBuffer(string: fine))
            #expect(try parser.next() != nil)
        }
        parser.append(ByteBuffer(string: tooMuch))
        #expect(throws: RESPParser.Violation(reason)) { _ = try parser.next() }
    }

    @Test func promisesCostNothing() throws {
        var parser = RESPParser()
        // Thirty-one arrays that promise a million elements each, and one bulk string of 64 MiB: nothing is reserved.
        parser.append(ByteBuffer(string: String(repeating: "*1048576\r\n", count: 31) + "$67108864\r\n"))
        #expect(try parser.next() == nil)
        #expect(parser.reservedBytes < 8192)
    }

    @Test func aLongBulkInManyPiecesIsCopiedAFewTimesOnly() throws {
        var parser = RESPParser()
        let piece = ByteBuffer(repeating: 7, count: 65_536)
        parser.append(ByteBuffer(string: "+a\r\n$8388608\r\n"))
        #expect(try parser.next() == .simple("a"))
        for _ in 0..<128 {
            #expect(try parser.next() == nil)
            parser.append(piece)
        }
        parser.append(ByteBuffer(string: "\r\n"))
        #expect(try parser.next()?.bytes?.readableBytes == 8_388_608)
    }
}
#endif
