import SojournSimulation
import Testing

/// Every number here was printed by NumPy 2.4 from `default_rng([2, 778])`.
@Suite struct NumPyRandomTests {
    private static func generator() -> NumPyRandom { NumPyRandom([2, 778]) }

    private static func near(_ value: Double, _ expected: Double, _ tolerance: Double = 1e-12) -> Bool {
        abs(value - expected) <= tolerance * abs(expected)
    }

    @Test func bits() {
        var random = Self.generator()
        let words = (0..<10_000).map { _ in random.next() }
        #expect(
            words.prefix(4) == [
                0x836285ede35fab1b, 0x28f7184a53197005, 0xe8cf66d752e5b762, 0x631c9c70b12ca3cb,
            ])
        #expect(words.reduce(0, ^) == 0x9e8c20e02578a7d1)
    }

    @Test func entropyOfManyAndLargeNumbers() {
        var random = NumPyRandom([(1 << 40) + 7, 3, 4, 5, 6])
        #expect(random.next() == 0x559ec44c1acfa7da)
        #expect(random.next() == 0x5798499e85dfce85)
    }

    @Test func uniform() {
        var random = Self.generator()
        let values = (0..<10_000).map { _ in random.uniform() }
        #expect(values.prefix(3) == [0.5132220941335378, 0.16002036871495817, 0.9094146991436876])
        #expect(values.max() == 0.999726298303828)
    }

    @Test(arguments: [
        (
            "exponential", [1.3640995538786378, 2.7834318886553495, 7.645110552766037], 19963.27077582037,
            22.94373991264525
        ),
        (
            "normal", [-0.08162309948526537, 0.1144155045863567, -0.3673006925695485], 64.92110506073465,
            3.8896074695606635
        ),
        (
            "lognormal", [0.32548638400317115, 0.43675768112319147, 0.21204621371294352], 11233.869393586383,
            125.7645118039455
        ),
    ])
    func continuous(name: String, first: [Double], sum: Double, longest: Double) {
        var random = Self.generator()
        let values = (0..<10_000).map { _ in
            switch name {
            case "exponential": random.exponential(2)
            case "normal": random.normal(0, 1)
            default: random.lognormal(-1, 1.5)
            }
        }
        #expect(zip(values, first).allSatisfy { Self.near($0, $1) })
        #expect(Self.near(values.reduce(0, +), sum, 1e-10))
        #expect(Self.near(values.max() ?? 0, longest))
    }

    @Test(arguments: [
        (0.3, [0, 0, 1, 0], 1560, 3_944_788), (2.0, [1, 2, 2, 1], 10020, 25_291_124),
        (9.99, [9, 15, 6, 11], 50057, 124_874_553), (10.0, [10, 15, 6, 9], 49652, 124_158_493),
        (37.5, [38, 47, 30, 36], 187_108, 467_258_503), (1e4, [10004, 10160, 9880, 9981], 49_994_669, 124_964_503_822),
    ])
    func poisson(mean: Double, first: [Int], sum: Int, weighted: Int) {
        var random = Self.generator()
        let values = (0..<5000).map { _ in random.poisson(mean) }
        #expect(Array(values.prefix(4)) == first)
        #expect(values.reduce(0, +) == sum)
        #expect(values.enumerated().reduce(0) { $0 + $1.offset * $1.element } == weighted)
    }

    @Test func poissonOfNothingAndOfTooMuch() {
        var random = Self.generator()
        #expect(random.poisson(0) == 0)
        #expect(random.poisson(-3) == 0)
        #expect(abs(Double(random.poisson(.infinity)) / 1e9 - 1) < 0.01)
    }
}
