#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The few functions of the C mathematics library that this module needs; the only file that imports it.
enum Libm {
    static func exp(_ x: Double) -> Double { cExp(x) }
    static func expm1(_ x: Double) -> Double { cExpm1(x) }
    static func log(_ x: Double) -> Double { cLog(x) }
    static func log1p(_ x: Double) -> Double { cLog1p(x) }
    static func pow(_ x: Double, _ y: Double) -> Double { cPow(x, y) }
    static func erfc(_ x: Double) -> Double { cErfc(x) }
    static func cos(_ x: Double) -> Double { cCos(x) }
    static func sin(_ x: Double) -> Double { cSin(x) }

    /// ln Γ(n+1) − [(n+½)·ln n − n + ½·ln 2π], the error of Stirling's formula, for n ≥ 1.
    ///
    /// With it a Poisson probability far out in the tail keeps all its digits: nothing of size n·ln n is subtracted
    /// (C. Loader, "Fast and accurate computation of binomial probabilities", 2000).
    static func stirlingError(_ n: Double) -> Double {
        guard n < 16 else {
            let square = 1 / (n * n)
            return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - square / 1188) * square) * square) * square) / n
        }
        var factorial = 1.0
        var factor = 2.0
        while factor <= n {
            factorial *= factor
            factor += 1
        }
        return cLog(factorial) - (n + 0.5) * cLog(n) + n - 0.5 * cLog(2 * .pi)
    }
}

// Inside `Libm` the names above would hide those of the C library.
private func cExp(_ x: Double) -> Double { exp(x) }
private func cExpm1(_ x: Double) -> Double { expm1(x) }
private func cLog(_ x: Double) -> Double { log(x) }
private func cLog1p(_ x: Double) -> Double { log1p(x) }
private func cPow(_ x: Double, _ y: Double) -> Double { pow(x, y) }
private func cErfc(_ x: Double) -> Double { erfc(x) }
private func cCos(_ x: Double) -> Double { cos(x) }
private func cSin(_ x: Double) -> Double { sin(x) }
