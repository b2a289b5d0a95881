#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

extension NumPyRandom {
    /// A Poisson number with that mean: `poisson(mean)`. Means above 10⁹ count as 10⁹.
    public mutating func poisson(_ mean: Double) -> Int {
        if mean >= 10 { return transformedRejection(min(mean, 1e9)) }
        guard mean > 0 else { return 0 }
        let limit = exp(-mean)
        var product = 1.0
        var count = -1
        repeat {
            product *= uniform()
            count += 1
        } while product > limit
        return count
    }

    /// Hörmann's PTRS, with NumPy's constants.
    private mutating func transformedRejection(_ mean: Double) -> Int {
        let root = mean.squareRoot()
        let b = 0.931 + 2.53 * root
        let a = -0.059 + 0.02483 * b
        let inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
        let vr = 0.9277 - 3.6224 / (b - 2)
        while true {
            let u = uniform() - 0.5
            let v = uniform()
            let us = 0.5 - abs(u)
            let k = ((2 * a / us + b) * u + mean + 0.43).rounded(.down)
            if us >= 0.07, v <= vr { return Int(k) }
            if k < 0 || (us < 0.013 && v > us) { continue }
            let left = log(v) + log(inverseAlpha) - log(a / (us * us) + b)
            if left <= -mean + k * log(mean) - Self.logGamma(k + 1) { return Int(k) }
        }
    }

    /// NumPy's own series for log Γ, which differs from the library's in the last digits.
    private static func logGamma(_ x: Double) -> Double {
        if x == 1 || x == 2 { return 0 }
        let steps = x < 7 ? Int(7 - x) : 0
        var shifted = x + Double(steps)
        let square = (1 / shifted) * (1 / shifted)
        let series = stirling.reversed().reduce(0) { $0 * square + $1 }
        var result = series / shifted + 0.5 * 1.837_877_066_409_345_3 + (shifted - 0.5) * log(shifted) - shifted
        for _ in 0..<steps {
            result -= log(shifted - 1)
            shifted -= 1
        }
        return result
    }

    private static let stirling = [
        8.333333333333333e-02, -2.777777777777778e-03, 7.936507936507937e-04, -5.952380952380952e-04,
        8.417508417508418e-04, -1.917526917526918e-03, 6.410256410256410e-03, -2.955065359477124e-02,
        1.796443723688307e-01, -1.39243221690590e+00,
    ]
}
