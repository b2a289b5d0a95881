#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The numbers of `numpy.random.default_rng(entropy)`: PCG64 seeded by a `SeedSequence`.
///
/// A scenario with a seed is then the same in Python and here, so that the two can be held against each other.
public struct NumPyRandom: Sendable, RandomNumberGenerator {
    private static let multiplier = UInt128(0x2360_ed05_1fc6_5da4) << 64 | UInt128(0x4385_df64_9fcc_f645)
    private var state: UInt128
    private let increment: UInt128

    /// A generator for a list of numbers, as in `default_rng([1, 2])`.
    public init(_ entropy: [UInt64]) {
        let words = SeedSequence(entropy).state(4)
        increment = (UInt128(words[2]) << 64 | UInt128(words[3])) << 1 | 1
        state = increment
        state = (state &+ (UInt128(words[0]) << 64 | UInt128(words[1]))) &* Self.multiplier &+ increment
    }

    /// 64 random bits.
    public mutating func next() -> UInt64 {
        state = state &* Self.multiplier &+ increment
        let folded = UInt64(truncatingIfNeeded: state >> 64) ^ UInt64(truncatingIfNeeded: state)
        let turn = UInt64(truncatingIfNeeded: state >> 122)
        return folded >> turn | folded << (64 &- turn & 63)
    }

    /// Uniform in [0, 1): `random()`.
    public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Exponential with that mean: `exponential(mean)`.
    public mutating func exponential(_ mean: Double) -> Double { mean * standardExponential() }

    /// Normal with that mean and deviation: `normal(mean, deviation)`.
    public mutating func normal(_ mean: Double, _ deviation: Double) -> Double { mean + deviation * standardNormal() }

    /// The exponential of a normal number: `lognormal(mean, deviation)`.
    public mutating func lognormal(_ mean: Double, _ deviation: Double) -> Double { exp(normal(mean, deviation)) }

    private mutating func standardExponential() -> Double {
        let table = ZigguratTable.exponential
        while true {
            let bits = next() >> 3
            let layer = Int(bits & 0xff)
            let integer = bits >> 8
            let value = Double(integer) * table.width[layer]
            if integer < table.inside[layer] { return value }
            if layer == 0 { return 7.697_117_470_131_049_72 - log1p(-uniform()) }
            let step = table.height[layer - 1] - table.height[layer]
            if step * uniform() + table.height[layer] < exp(-value) { return value }
        }
    }

    private mutating func standardNormal() -> Double {
        let table = ZigguratTable.normal
        while true {
            let bits = next()
            let layer = Int(bits & 0xff)
            let negative = bits >> 8 & 1 == 1
            let integer = bits >> 9 & 0x000f_ffff_ffff_ffff
            let distance = Double(integer) * table.width[layer]
            let value = negative ? -distance : distance
            if integer < table.inside[layer] { return value }
            if layer == 0 { return normalTail(negative: integer >> 8 & 1 == 1) }
            let step = table.height[layer - 1] - table.height[layer]
            if step * uniform() + table.height[layer] < exp(-0.5 * value * value) { return value }
        }
    }

    private mutating func normalTail(negative: Bool) -> Double {
        let edge = 3.654_152_885_361_008_8
        while true {
            let beyond = -0.273_661_237_329_758_308_7 * log1p(-uniform())
            let height = -log1p(-uniform())
            if height + height > beyond * beyond { return negative ? -(edge + beyond) : edge + beyond }
        }
    }
}
