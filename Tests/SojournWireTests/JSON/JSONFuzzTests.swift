import Foundation
import SojournWire
import Testing

/// Damaged texts from fixed seeds: never a crash, and the same verdict as Foundation's reader.
@Suite struct JSONFuzzTests {
    private static let seeds = [
        "{\"type\":\"email.send\",\"payload\":{\"to\":[\"a@b\",{\"n\":-1.5e-3}]},\"retry\":{\"base_ms\":500}}",
        "[1,-0,0.5,1e5,12E-2,true,false,null,\"\",{},[],[[1],[2,[3]]],{\"a\":{\"b\":{}}}]",
        "\"é漢😀\\u00e9\\ud83d\\ude00\\n\\\"\\\\\\/\\b\\f\\r\\t\"",
        " { \"a\" : [ 1 , 2 ] ,\r\n\t\"b\" : \"c\" } ",
        "[\"\\ud800\",1e400,{\"a\":1,\"a\":2},123456789012345678901234567890]",
        "-12.75e+2",
    ].map { Array($0.utf8) }

    private static let pieces: [[UInt8]] =
        [
            "[", "]", "{", "}", ",", ":", "\"", "\\", "\\u", "\\u00e9", "\\ud800", "0", "1", "-", "+", ".", "e", "E",
            "1e9", "true",
        ]
        .map { Array($0.utf8) }
        + ["null", "\"a\":", " ", "\n", "\u{0}", "\u{1F}", "é", "😀", "//", "'", "[[[[", "NaN"].map { Array($0.utf8) }
        + [[0x80], [0xC0], [0xED, 0xA0, 0x80], [0xF4, 0x90], [0xFF], [0xEF, 0xBB, 0xBF]]

    private static func mutated(_ random: inout SplitMix64) -> [UInt8] {
        var bytes = seeds[Int.random(in: 0..<seeds.count, using: &random)]
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let at = Int.random(in: 0...bytes.count, using: &random)
            let end = min(bytes.count, at + Int.random(in: 0...4, using: &random))
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bytes.removeSubrange(at..<end)
            case 1: bytes.insert(contentsOf: pieces[Int.random(in: 0..<pieces.count, using: &random)], at: at)
            case 2: bytes.replaceSubrange(at..<end, with: pieces[Int.random(in: 0..<pieces.count, using: &random)])
            case 3: bytes.insert(contentsOf: bytes[at..<end], at: Int.random(in: 0...bytes.count, using: &random))
            case 4: bytes.removeSubrange(at...)
            default: if at < bytes.count { bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random) }
            }
        }
        return bytes
    }

    /// Reads everything that can be read, to see that nothing traps.
    private static func readAll(_ value: JSONValue) -> Int {
        var size = value.raw.count
        size += (try? value.string(maxBytes: 100))?.utf8.count ?? 0
        size += (try? value.int(in: .min ... .max)).map { _ in 1 } ?? 0
        size += (try? value.double()).map { _ in 1 } ?? 0
        for element in (try? value.array(maxCount: 100)) ?? [] { size += readAll(element) }
        for entry in (try? value.object())?.entries ?? [] { size += readAll(entry.value) }
        return size
    }

    @Test(arguments: UInt64(0)..<4)
    func agreesWithFoundation(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var accepted = 0
        for _ in 0..<6000 {
            let bytes = Self.mutated(&random)
            let value = try? JSONValue(validating: bytes)
            if let value {
                accepted += 1
                #expect(Self.readAll(value) > 0)
            }
            if let difference = Self.difference(bytes, isAccepted: value != nil) {
                Issue.record("\(difference): \(String(decoding: bytes, as: UTF8.self))")
            }
        }
        // A test of garbage alone would prove little.
        #expect((600...5400).contains(accepted))
    }

    private static func difference(_ bytes: [UInt8], isAccepted: Bool) -> String? {
        #if canImport(Darwin)
        return nil  // Foundation on Darwin has another reader with leniencies of its own
        #else
        let isAcceptedThere = foundationAccepts(bytes)
        if isAccepted, !isAcceptedThere, !foundationAccepts(withoutSurrogatesAndExponents(bytes)) {
            return "only we accept"
        }
        if isAcceptedThere, !isAccepted, !isOtherEncoding(bytes), !isJSON(withoutTrailingCommas(bytes)) {
            return "only Foundation accepts"
        }
        return nil
        #endif
    }

    private static func foundationAccepts(_ bytes: [UInt8]) -> Bool {
        (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
    }

    /// Foundation decodes everything at once, and so refuses lone surrogates and numbers past a double's range.
    private static func withoutSurrogatesAndExponents(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for at in bytes.indices {
            let isEscape = at + 2 < bytes.count && bytes[at] == UInt8(ascii: "\\") && bytes[at + 1] == UInt8(ascii: "u")
            if isEscape, bytes[at + 2] | 0x20 == UInt8(ascii: "d") { bytes[at + 2] = UInt8(ascii: "1") }
            guard bytes[at] | 0x20 == UInt8(ascii: "e") else { continue }
            let signed = at + 1 < bytes.count && [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[at + 1])
            for digit in (at + (signed ? 2 : 1))..<max(bytes.count, at + 2) {
                guard digit < bytes.count, (0x30...0x39).contains(bytes[digit]) else { break }
                bytes[digit] = 0x30
            }
        }
        return bytes
    }

    /// Foundation reads UTF-16 and UTF-32 too, and skips a byte order mark.
    private static func isOtherEncoding(_ bytes: [UInt8]) -> Bool {
        bytes.prefix(4).contains(0) || bytes.starts(with: [0xEF, 0xBB, 0xBF])
    }

    /// Foundation allows a comma before the end of an array or object.
    private static func withoutTrailingCommas(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for byte in bytes {
            if byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") {
                let end = result.lastIndex { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
                if let end, result[end] == UInt8(ascii: ",") { result.remove(at: end) }
            }
            result.append(byte)
        }
        return result
    }
}
