#if Redis
import NIOCore
import Testing

@testable import RESP

@Suite("Commands") struct CommandTests {
    private func wire(_ command: Command) -> String {
        var buffer = ByteBuffer()
        command.write(to: &buffer)
        #expect(buffer.readableBytes == command.wireBytes)
        return String(buffer: buffer)
    }

    @Test func writesWords() {
        #expect(wire(Command("PING")) == "*1\r\n$4\r\nPING\r\n")
        #expect(wire(Command("SET", key: "a", "é")) == "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$2\r\né\r\n")
        var command = Command("X")
        command.append(ByteBuffer(string: "a\r\n"))
        command.append(bytes: [0, 10, 255] as [UInt8])
        command.append("")
        #expect(command.count == 4)
        var expected = ByteBuffer(string: "*4\r\n$1\r\nX\r\n$3\r\na\r\n\r\n$3\r\n")
        expected.writeBytes([0, 10, 255])
        expected.writeString("\r\n$0\r\n\r\n")
        var buffer = ByteBuffer()
        command.write(to: &buffer)
        #expect(buffer == expected)
    }

    @Test(arguments: [0, 1, -1, 9, 10, -10, 99, 100, 1_234_567_890, .max, .min])
    func writesNumbers(number: Int) {
        var command = Command("X")
        command.append(number)
        #expect(wire(command) == "*2\r\n$1\r\nX\r\n$\(String(number).utf8.count)\r\n\(number)\r\n")
    }

    @Test func copiesShareNothingThatChanges() {
        let prepared = Command("LPUSH", key: "k")
        var first = prepared
        var second = prepared
        first.append("1")
        second.append("22")
        #expect(wire(prepared) == "*2\r\n$5\r\nLPUSH\r\n$1\r\nk\r\n")
        #expect(wire(first) == "*3\r\n$5\r\nLPUSH\r\n$1\r\nk\r\n$1\r\n1\r\n")
        #expect(wire(second) == "*3\r\n$5\r\nLPUSH\r\n$1\r\nk\r\n$2\r\n22\r\n")
    }

    @Test func describesItselfWithoutItsWords() {
        #expect(Command("PING").description == "PING")
        #expect(Command("AUTH", key: nil, "ellen", "secret").description == "AUTH with 2 words")
    }

    @Test func aScriptCanBeSentInFull() {
        let script = Script("return 1")
        var call = script.call(keys: ["{a}b", "{a}c"])
        call.append("x")
        let rest = "$1\r\n2\r\n$4\r\n{a}b\r\n$4\r\n{a}c\r\n$1\r\nx\r\n"
        #expect(wire(call) == "*6\r\n$7\r\nEVALSHA\r\n$40\r\n\(script.digest)\r\n" + rest)
        #expect(wire(call.inFull) == "*6\r\n$4\r\nEVAL\r\n$8\r\nreturn 1\r\n" + rest)
        #expect(call.slot == HashSlot(key: "a".utf8))
        #expect(call.inFull.slot == call.slot)
        #expect(wire(Command("PING").inFull) == wire(Command("PING")))
    }

    @Test func onlyForgottenScriptsAreSentAgain() {
        let (one, two) = (Script("return 1"), Script("return 2"))
        let commands = [
            one.call(keys: []), Command("PING"), one.call(keys: []), two.call(keys: []), two.call(keys: []),
        ]
        let unknown = Reply.failure(RESPError(serverMessage: "NOSCRIPT No matching script."))
        let replies = [unknown, unknown, unknown, .success(.integer(2)), unknown]
        let resends = Script.resends(of: commands, after: replies)
        #expect(resends.map(\.index) == [0, 2, 4])
        let names = resends.map { $0.command.description.prefix { $0 != " " } }
        #expect(names == ["EVAL", "EVALSHA", "EVAL"])
        let all = Script.resends(of: commands, after: replies, allInFull: true)
        #expect(all.allSatisfy { $0.command.description == "EVAL with 2 words" })
    }
}

@Suite("Digests and slots") struct DigestTests {
    @Test(arguments: [
        ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ("The quick brown fox jumps over the lazy dog", "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12"),
        ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "84983e441c3bd26ebaae4aa1f95129e5e54670f1"),
        (String(repeating: "a", count: 1_000), "291e9a6c66994949b57ba5e650361e98fc36b1ba"),
        (String(repeating: "a", count: 55), "c1c8bbdc22796e28c0e15163d20899b65621d65a"),
        (String(repeating: "a", count: 56), "c2db330f6083854c99d4b5bfb6e8f29f201be699"),
        (String(repeating: "a", count: 64), "0098ba824b5c16427bd7a1122a5a442a25ec644d"),
    ])
    func sha1(text: String, digest: String) {
        #expect(SHA1.hex(of: text.utf8) == digest)
    }

    @Test(arguments: [
        ("123456789", 12_739), ("foo", 12_182), ("", 0), ("{user1000}.following", 3443), ("{user1000}.followers", 3443),
        ("foo{}{bar}", 8363), ("foo{{bar}}zap", 4015), ("foo{bar}{zap}", 5061), ("bar", 5061), ("{bar", 4015),
    ])
    func slots(key: String, slot: Int) {
        #expect(HashSlot(key: key.utf8).index == slot)
    }

    @Test func slotsHaveARange() {
        #expect(HashSlot(index: 0) != nil)
        #expect(HashSlot(index: 16_383) != nil)
        #expect(HashSlot(index: 16_384) == nil)
        #expect(HashSlot(index: -1) == nil)
    }
}
#endif
