import SojournSimulation
import Testing

@testable import SojournLoad

@Suite("Arrivals of a load") struct ArrivalTests {
    private func moments(_ arrivals: Arrivals, _ count: Int, seed: UInt64 = 1) -> [Double] {
        Array(ArrivalTimes(arrivals, random: NumPyRandom([seed])).prefix(count))
    }

    @Test func constantGapsAreAllTheSame() {
        let moments = moments(Arrivals(rate: 8, process: .constant), 4)
        #expect(moments == [0.125, 0.25, 0.375, 0.5])
    }

    @Test(arguments: 1...5 as ClosedRange<UInt64>) func poissonGapsAreExponential(seed: UInt64) {
        let moments = moments(Arrivals(rate: 50), 20_000, seed: seed)
        let gaps = zip(moments.dropFirst(), moments).map { $0 - $1 }
        let mean = gaps.reduce(0, +) / Double(gaps.count)
        let variance = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gaps.count)
        // The standard errors are 0.7 % of the mean and 1.4 % of the variance; five of each are allowed.
        #expect(abs(mean * 50 - 1) < 0.035)
        #expect(abs(variance * 2_500 - 1) < 0.1)
        #expect(gaps.allSatisfy { $0 >= 0 })
    }

    @Test func aFlashCrowdComesAndGoes() {
        let flash = Arrivals.Shape.flash(factor: 10, start: 2, length: 3)
        let moments = moments(Arrivals(rate: 10, process: .constant, shape: flash), 400)
        #expect(moments.count { $0 <= 2 } == 20)
        #expect(moments.count { $0 > 2 && $0 <= 5 } == 300)
        #expect(moments.count { $0 > 5 && $0 <= 10 } == 50)
    }

    @Test func offMeansThatNothingComes() {
        let turns = Arrivals(rate: 40, process: .poisson, shape: .onOff(on: 1, off: 3))
        for moment in moments(turns, 5_000) {
            #expect(moment.truncatingRemainder(dividingBy: 4) <= 1, "\(moment)")
        }
    }

    @Test func theSameSeedGivesTheSameMoments() {
        let arrivals = Arrivals(rate: 3, shape: .flash(factor: 2, start: 1, length: 1))
        #expect(moments(arrivals, 100, seed: 4) == moments(arrivals, 100, seed: 4))
        #expect(moments(arrivals, 100, seed: 4) != moments(arrivals, 100, seed: 5))
    }
}
