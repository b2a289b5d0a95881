import Foundation
import Queueing
import Testing

@Suite("M/D/1 waits") struct ConstantServiceTests {
    /// The textbook series, in the range where it still has digits.
    private func series(_ utilization: Double, _ time: Double) -> Double {
        var sum = 0.0
        for index in 0...Int(time) {
            let mean = utilization * (Double(index) - time)
            var term = 1 - utilization
            for factor in 0..<index { term *= mean / Double(factor + 1) }
            sum += term * exp(-mean)
        }
        return sum
    }

    @Test(arguments: [0.05, 0.3, 0.5, 0.8, 0.95])
    func agreesWithTheSeries(utilization: Double) throws {
        let queue = try MD1(arrivalRate: utilization * 4, serviceTime: 0.25)
        for step in 0...32 {
            let time = Double(step) * 0.125
            let expected = series(utilization, time)
            #expect(isClose(try queue.waitWithin(time * 0.25), expected, 1e-10), "ρ=\(utilization) t=\(time)")
        }
    }

    /// The same series with 200 digits (mpmath), far out where in `Double` nothing would be left of it.
    @Test(
        arguments: [
            (0.5, 10.25, 1.6872283577424638e-6), (0.9, 60.5, 3.3673302895068279e-6), (0.3, 7, 2.7143496902755147e-7),
            (0.99, 200.125, 0.017905984601536023), (0.05, 5.5, 4.3102528647784661e-12),
        ] as [(Double, Double, Double)])
    func tailKeepsItsDigits(utilization: Double, time: Double, expected: Double) throws {
        let tail = try MD1(arrivalRate: utilization, serviceTime: 1).waitTail(beyond: time)
        #expect(isClose(tail, expected, 1e-11))
    }

    /// The mean is the integral of the tail (Simpson, piece by piece, since the tail has kinks at whole services).
    @Test(arguments: [0.1, 0.5, 0.9, 0.99])
    func tailIntegratesToTheMean(utilization: Double) throws {
        let queue = try MD1(arrivalRate: utilization, serviceTime: 1)
        var area = 0.0
        for piece in 0..<Int(60 / (1 - utilization)) {
            for part in 0..<8 {
                let from = Double(piece) + Double(part) / 8
                let a = try queue.waitTail(beyond: from)
                let b = try queue.waitTail(beyond: from + 0.0625)
                let c = try queue.waitTail(beyond: (from + 0.125).nextDown)
                area += (a + 4 * b + c) / 48
            }
        }
        #expect(isClose(area, queue.meanWait, 1e-6))
    }

    @Test func tailFallsAndNeverBreaks() throws {
        for utilization in [1e-6, 0.01, 0.4, 0.9, 0.9999, 1 - 1e-15] {
            let queue = try MD1(arrivalRate: utilization, serviceTime: 1)
            var last = 1.0
            for step in 0..<3000 {
                let tail = try queue.waitTail(beyond: Double(step) * 0.25)
                #expect(tail >= 0 && tail <= last * (1 + 1e-12), "ρ=\(utilization) t=\(Double(step) * 0.25)")
                last = tail
            }
            #expect(isClose(try queue.waitTail(beyond: 0), utilization, 1e-12))
            #expect(try queue.waitTail(beyond: 1e300) == 0)
        }
    }
}
