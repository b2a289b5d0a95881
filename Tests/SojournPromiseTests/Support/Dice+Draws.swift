#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

extension Dice {
    mutating func exponential(mean: Double) -> Double { -mean * log(unit()) }

    mutating func normal() -> Double { (-2 * log(unit())).squareRoot() * cos(2 * .pi * unit()) }

    mutating func lognormal(sigma: Double) -> Double { exp(sigma * normal()) }

    mutating func pareto(_ exponent: Double) -> Double { pow(unit(), -1 / exponent) }
}
