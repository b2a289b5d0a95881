import SojournTestKit

extension SplitMix64 {
    /// A generator for a number that tests count with.
    init(seed: Int) { self.init(seed: UInt64(truncatingIfNeeded: seed)) }

    /// A number from [0, 1).
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * unit() }
}
