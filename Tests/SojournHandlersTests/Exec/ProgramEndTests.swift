import SojournModel
import Testing

@testable import SojournHandlers

@Suite("Ends of programs") struct ProgramEndTests {
    private func outcome(_ end: ProgramEnd, output: String = "", errors: String = "") -> Outcome {
        var kept = ProgramOutput.Kept()
        kept.output = Array(output.utf8)
        kept.errors = Array(errors.utf8)
        return end.outcome(of: "/bin/x", kept: kept)
    }

    @Test(arguments: [
        (ProgramEnd.exited(1), true, "/bin/x exited with 1"), (.exited(64), false, "/bin/x exited with 64"),
        (.exited(65), false, "/bin/x exited with 65"), (.exited(75), true, "/bin/x exited with 75"),
        (.exited(255), true, "/bin/x exited with 255"), (.signalled(9), true, "/bin/x was ended by signal 9"),
        (.tookTooLong(.seconds(3)), true, "/bin/x ran longer than 3.0 seconds and was killed"),
        (.didNotStart("no\nfile"), true, "/bin/x did not start: no\u{FFFD}file"),
    ])
    func whatFailsSaysHow(end: ProgramEnd, isRetryable: Bool, message: String) {
        #expect(outcome(end) == .failed(Failure(message, isRetryable: isRetryable)))
        let loud = outcome(end, errors: "  bad\u{1B} luck\n")
        #expect(loud.failure?.message == "\(message): bad\u{FFFD} luck")
    }

    @Test(arguments: [
        ("", nil), (#"{"a": 1}"#, #"{"a": 1}"#), ("\n[1, 2]\n", "[1, 2]"), ("null", "null"),
        ("done\n", #""done\n""#), ("{", #""{""#), ("a\0b", "\"a\u{FFFD}b\""),
    ])
    func outputBecomesTheResult(output: String, result: String?) {
        #expect(outcome(.exited(0), output: output) == .succeeded(result: result.map { Array($0.utf8) }))
    }

    @Test func cutOutputIsTextEvenIfItLooksLikeJSON() {
        let json = ProgramResult.json(from: Array("123".utf8), isCut: true)
        #expect(json.map { String(decoding: $0, as: UTF8.self) } == #""123…""#)
    }

    @Test(arguments: ["x", "\u{FFFD}", "\n", "漢"])
    func resultsFit(letter: String) throws {
        let output = Array(String(repeating: letter, count: Limits.resultBytes).utf8)
        let result = try #require(ProgramResult.json(from: output, isCut: false))
        #expect(result.count <= Limits.resultBytes)
        #expect(result.count > Limits.resultBytes * 9 / 10)
    }

    @Test func theEndOfErrorsAndTheBeginningOfOutputAreKept() {
        let output = ProgramOutput(outputLimit: 10)
        for number in 0..<2000 {
            let line = Array("line \(number)\n".utf8)
            #expect(line.withUnsafeBytes(output.take(output:)))
            #expect(line.withUnsafeBytes(output.take(errors:)))
        }
        #expect(String(decoding: output.kept.output, as: UTF8.self) == "line 0\nlin")
        #expect(output.kept.isCut)
        #expect(output.kept.errors.count == 4096)
        #expect(String(decoding: output.kept.errors, as: UTF8.self).hasSuffix("line 1998\nline 1999\n"))
    }

    @Test func whoWritesOnAfterTheEndIsNotListenedToForEver() {
        let output = ProgramOutput(outputLimit: 10)
        let mebibyte = [UInt8](repeating: 0x79, count: 1_048_576)
        let takes = { mebibyte.withUnsafeBytes(output.take(output:)) }
        for _ in 0..<10 { #expect(takes()) }
        output.programHasExited()
        #expect(takes())
        #expect(takes())
        #expect(!takes())
    }
}
