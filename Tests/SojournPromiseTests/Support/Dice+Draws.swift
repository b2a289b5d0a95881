import SojournTestKit

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Seeded chance.
typealias Dice = SplitMix64

extension Dice {
    /// Uniform in (0, 1].
    mutating func unit() -> Double { (Double(next() >> 11) + 1) / 9_007_199_254_740_992 }

    mutating func exponential(mean: Double) -> Double { -mean * log(unit()) }

    mutating func normal() -> Double { (-2 * log(unit())).squareRoot() * cos(2 * .pi * unit()) }

    mutating func lognormal(sigma: Double) -> Double { exp(sigma * normal()) }

    mutating func pareto(_ exponent: Double) -> Double { pow(unit(), -1 / exponent) }
}
