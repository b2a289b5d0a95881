import SojournPromise
import SojournTestKit
import Testing

@Suite("The quantile sketch")
struct QuantileSketchTests {
    enum Data: String, CaseIterable, Sendable {
        case lognormal, pareto, constant, exponential, withZeros

        func draw(_ dice: inout Dice) -> Double {
            switch self {
            case .lognormal: dice.lognormal(sigma: 2)
            case .pareto: dice.pareto(1.1)
            case .constant: 0.37
            case .exponential: dice.exponential(mean: 1e-3)
            case .withZeros: dice.unit() < 0.3 ? 0 : dice.unit() * 1e6
            }
        }
    }

    private static let shares = [0, 0.001, 0.01, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1]

    @Test("every quantile is within 1 % of the exact one", arguments: Data.allCases)
    func accuracy(data: Data) throws {
        var dice = Dice(seed: 2)
        let numbers = (0..<20_000).map { _ in data.draw(&dice) }
        var sketch = QuantileSketch()
        for number in numbers { sketch.insert(number) }
        let sorted = numbers.sorted()
        for share in Self.shares {
            let exact = sorted[Int(share * Double(sorted.count - 1))]
            let found = try #require(sketch.quantile(share))
            #expect(abs(found - exact) <= 0.010001 * exact, "\(share): \(found) for \(exact)")
        }
        #expect(sketch.count == numbers.count)
        #expect(sketch.min == sorted.first)
        #expect(sketch.max == sorted.last)
        #expect(sketch.sum == numbers.reduce(0, +))
    }

    @Test("sketches of parts add up to the sketch of the whole", arguments: Data.allCases)
    func merge(data: Data) {
        var dice = Dice(seed: 4)
        var (whole, parts) = (QuantileSketch(), (0..<5).map { _ in QuantileSketch() })
        for index in 0..<10_000 {
            // Parts that overlap little.
            let number = data.draw(&dice) * (index % 5 == 3 ? 1e4 : 1)
            whole.insert(number)
            parts[index % 5].insert(number)
        }
        for order in [[0, 1, 2, 3, 4], [3, 0, 4, 1, 2], [4, 3, 2, 1, 0]] {
            var merged = QuantileSketch()
            for part in order { merged.merge(parts[part]) }
            #expect(merged.count == whole.count)
            #expect(merged.min == whole.min)
            #expect(merged.max == whole.max)
            for share in Self.shares { #expect(merged.quantile(share) == whole.quantile(share)) }
        }
    }

    @Test("where the bins do not suffice the lowest are united, in any order", arguments: [false, true])
    func collapse(isDescending: Bool) throws {
        // 60 decades; 17 of them stay exact.
        var (numbers, decade): ([Double], Double) = ([], 1e-30)
        for _ in 0..<60 {
            for part in 0..<100 { numbers.append(decade * (1 + Double(part) / 100)) }
            decade *= 10
        }
        var (sketch, halves) = (QuantileSketch(), [QuantileSketch(), QuantileSketch()])
        for (index, number) in (isDescending ? numbers.reversed() : numbers).enumerated() {
            sketch.insert(number)
            halves[index % 2].insert(number)
        }
        halves[0].merge(halves[1])
        for share in [0.75, 0.8, 0.9, 0.99, 1] {
            let exact = numbers[Int(share * 5_999)]
            let found = try #require(sketch.quantile(share))
            #expect(abs(found / exact - 1) <= 0.010001, "\(share)")
            #expect(halves[0].quantile(share) == found)
        }
        #expect(try #require(sketch.quantile(0.1)) > 1e9, "below, there is only an upper bound")
        #expect(sketch.count == 6_000)
    }

    @Test("numbers below zero count as zero, not-a-number and infinities not at all")
    func odd() {
        var sketch = QuantileSketch()
        #expect(sketch.quantile(0.5) == nil)
        #expect(sketch.min == nil && sketch.max == nil && sketch.mean == nil)
        for number in [Double.nan, .infinity, -.infinity] { sketch.insert(number) }
        #expect(sketch.count == 0)
        for number in [-5, 0, Double.leastNonzeroMagnitude, 8] { sketch.insert(number) }
        #expect(sketch.count == 4)
        #expect(sketch.quantile(0) == 0)
        #expect(sketch.quantile(0.5) == 0)
        #expect(sketch.quantile(1) == 8)
        #expect(sketch.quantile(-0.1) == nil)
        #expect(sketch.quantile(.nan) == nil)
        sketch.insert(.greatestFiniteMagnitude)
        #expect(sketch.quantile(1) == .greatestFiniteMagnitude)
    }
}
