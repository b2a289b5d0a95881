import SojournModel
import SojournTestKit
import SojournWire
import Testing

@testable import SojournTerminal

@Suite("Lines for a pipe") struct PlainLinesTests {
    @Test func standInColumns() {
        var plain = PlainLines()
        let lines = plain.lines(Views.all, at: Views.start)
        let others = Array(repeating: "2026-11-28T17:26:30Z ", count: Views.all.count)
        #expect(lines.map { String($0.prefix(21)) } == ["time                 "] + others)
        let expected = """
            queue                state      waiting  L        wait_p99  W          in_time  workers desired decision
            billing              paused     88       40.0     0.850s    2.000s     100.00%  2       2       -
            cleanup              idle       0        -        -         3600.000s  -        -       -       -
            default              no_promise 17       -        -         -          -        -       -       -
            mail                 keeps      4        40.0     0.850s    2.000s     100.00%  2       2       -
            realtime             broken     197      40.0     0.850s    2.000s     98.20%   2       3       -
            """
        #expect(lines.map { String($0.dropFirst(21)) }.joined(separator: "\n") == expected)
    }

    @Test func theHeadingComesOnce() {
        var plain = PlainLines()
        #expect(plain.lines([], at: Views.start).count == 1)
        #expect(plain.lines([], at: Views.start) == [])
    }

    @Test func aDecisionIsNewsOnce() {
        var plain = PlainLines()
        func last(_ views: [QueueView]) -> String? {
            plain.lines(views, at: Views.start).last?.split(separator: " ").dropFirst(10).joined(separator: " ")
        }
        #expect(last([Views.broken()]) == "-")
        var view = Views.broken()
        let at = Views.start.advanced(by: .seconds(1))
        view.insight.decisions.insert(ScalingDecision(at: at, from: 3, to: 4, reason: "λ 140/s"), at: 0)
        #expect(last([view]) == "3->4: λ 140/s")
        #expect(last([view]) == "-")
    }

    @Test func everyFieldButTheLastIsOneWord() {
        var random = SplitMix64(seed: 7)
        var plain = PlainLines()
        for _ in 0..<200 {
            let views = RandomViews.views(&random).filter { !$0.name.rawValue.contains { $0.isWhitespace } }
            for line in plain.lines(views, at: Views.start) {
                #expect(line.split(separator: " ").count >= 11)
                #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
            }
        }
    }
}
