#if Redis
import NIOCore
import SojournTestKit
import Testing

@testable import RESP

/// Hostile bytes: nothing traps, and what a parser holds never outgrows what it was given.
@Suite("Parser against hostile bytes") struct ParserFuzzTests {
    private static let marks = Array("+-:$*_#,(!=%~>|\r\n0123456789-tf:.e".utf8)

    @Test(arguments: 0..<20)
    func randomBytes(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<1500 {
            let count = Int.random(in: 1...80, using: &random)
            let isRespLike = Bool.random(using: &random)
            let bytes = (0..<count).map { _ in
                isRespLike ? Self.marks.randomElement(using: &random) ?? 0 : UInt8.random(in: 0...255, using: &random)
            }
            feed(bytes, &random)
        }
    }

    @Test(arguments: 20..<40)
    func mutatedStreams(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<800 {
            var bytes = Array(stream(&random).utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
                let index = bytes.indices.randomElement(using: &random) ?? 0
                switch Int.random(in: 0...3, using: &random) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: index)
                case 2: bytes.insert(Self.marks.randomElement(using: &random) ?? 0, at: index)
                default: bytes.removeSubrange(index...)
                }
            }
            feed(bytes, &random)
        }
    }

    @Test(arguments: 40..<44)
    func truncatedAtEveryPoint(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let bytes = Array(stream(&random).utf8.prefix(400))
        var counts: [Int] = []
        for end in 0...bytes.count {
            var parser = RESPParser()
            var found = 0
            parser.append(ByteBuffer(bytes: bytes[..<end]))
            while try parser.next() != nil { found += 1 }
            counts.append(found)
        }
        #expect(counts == counts.sorted())
    }

    /// Whatever the pieces, the values or the refusal are the same, and memory stays in proportion.
    private func feed(_ bytes: [UInt8], _ random: inout SplitMix64) {
        let whole = outcome(of: [bytes[...]])
        var pieces: [ArraySlice<UInt8>] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let size = Int.random(in: 1...max(1, rest.count), using: &random)
            pieces.append(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        let split = outcome(of: pieces)
        #expect(whole == split, "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
    }

    private func outcome(of pieces: [ArraySlice<UInt8>]) -> String {
        var parser = RESPParser(limits: WireLimits(lineBytes: 64))
        var values: [RESPValue] = []
        var fed = 0
        do throws(RESPParser.Violation) {
            for piece in pieces {
                parser.append(ByteBuffer(bytes: piece))
                fed += piece.count
                while let value = try parser.next() { values.append(value) }
                if parser.reservedBytes > 1024 + 40 * fed { return "holds \(parser.reservedBytes) after \(fed)" }
            }
            return "\(values)"
        } catch {
            return "\(values) \(error.reason)"
        }
    }

    /// Some valid values, one after the other.
    private func stream(_ random: inout SplitMix64) -> String {
        (0..<Int.random(in: 1...8, using: &random)).map { _ in value(&random, depth: 0) }.joined()
    }

    private func value(_ random: inout SplitMix64, depth: Int) -> String {
        let scalars = ParserTests.values.map(\.0).filter { !$0.hasPrefix(">") }
        guard depth < 4, Int.random(in: 0...2, using: &random) == 0 else {
            return scalars.randomElement(using: &random) ?? ":1\r\n"
        }
        let count = Int.random(in: 0...4, using: &random)
        let mark = ["*", "~", "%"].randomElement(using: &random) ?? "*"
        let elements = (0..<(mark == "%" ? count * 2 : count)).map { _ in value(&random, depth: depth + 1) }
        return "\(mark)\(count)\r\n" + elements.joined()
    }
}
#endif
