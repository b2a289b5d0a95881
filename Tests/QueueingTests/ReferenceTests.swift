import Queueing
import Testing

@Suite("Reference values") struct ReferenceTests {
    /// Every row is checked; a row that no function answers is a failure, so none is skipped in silence.
    @Test func everyRowAgrees() throws {
        var covered = 0
        for row in ReferenceRow.all {
            let label = "\(row.model) c=\(row.servers) λ=\(row.arrivalRate) scv=\(row.variation) \(row.quantity)"
            guard let answer = try ReferenceAnswer(row) else {
                Issue.record("no function for \(label)")
                continue
            }
            covered += 1
            if let decimals = row.decimals {
                // Half a unit of the last printed digit, and a little for its own rounding.
                let unit = (0..<decimals).reduce(1.0) { unit, _ in unit / 10 }
                #expect(abs(answer.value - row.value) <= 0.5001 * unit, "\(label): \(answer.value), not \(row.value)")
            } else {
                #expect(
                    isClose(answer.value, row.value, answer.tolerance), "\(label): \(answer.value), not \(row.value)")
            }
        }
        #expect(covered == 196)
    }

    /// The calculator of erlang.com prints 8.108 erlang for 15 lines and a blocking of 1 %.
    @Test func printedTraffic() throws {
        #expect(abs(try Erlang.load(servers: 15, blocking: 0.01) - 8.108) < 0.0005)
    }
}
