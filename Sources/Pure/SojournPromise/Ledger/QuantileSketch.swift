#if canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// Quantiles of a stream of numbers, each within 1 % of the true one, in a few kilobytes (DDSketch, VLDB 2019).
///
/// Positive numbers are counted in bins whose bounds grow by 2 %; the others in one bin for zero. Sketches of parts
/// add up to the sketch of the whole. Where more bins than ``binLimit`` are needed, the lowest are united: 2,048 bins
/// span 17 decades, so that only a quantile that is 17 decades below the greatest number is lost.
public struct QuantileSketch: Sendable {
    /// The greatest relative error of a quantile.
    public static let accuracy = 0.01
    /// The most bins.
    public static let binLimit = 2_048
    private static let ratio = (1 + accuracy) / (1 - accuracy)
    private static let scale = 1 / log(ratio)

    /// Counts of the bins `lowest`, `lowest + 1`, ... Bin i is for numbers in (ratio^(i-1), ratio^i].
    private var bins: [Int] = []
    private var lowest = 0
    private var zeros = 0
    /// Numbers inserted.
    public private(set) var count = 0
    /// Their sum.
    public private(set) var sum = 0.0
    private var least = Double.infinity
    private var greatest = -Double.infinity

    /// An empty sketch.
    public init() {}

    /// The least number inserted; nil where there was none.
    public var min: Double? { count == 0 ? nil : least }
    /// The greatest number inserted; nil where there was none.
    public var max: Double? { count == 0 ? nil : greatest }
    /// The mean; nil where there was none.
    public var mean: Double? { count == 0 ? nil : sum / Double(count) }

    /// Counts one number. Not-a-number and infinities are left out.
    public mutating func insert(_ number: Double) {
        guard number.isFinite else { return }
        count &+= 1
        sum += number
        least = Swift.min(least, number)
        greatest = Swift.max(greatest, number)
        guard number >= .leastNormalMagnitude else { return zeros &+= 1 }
        // In the range of a Double this is a number between -36,000 and 36,000.
        let bin = Int((log(number) * Self.scale).rounded(.up))
        let index = bin &- lowest
        if index >= 0, index < bins.count { return bins[index] &+= 1 }
        add(1, to: bin)
    }

    /// Adds everything that was inserted into `other`.
    public mutating func merge(_ other: Self) {
        count &+= other.count
        sum += other.sum
        zeros &+= other.zeros
        least = Swift.min(least, other.least)
        greatest = Swift.max(greatest, other.greatest)
        for (offset, count) in other.bins.enumerated().reversed() where count > 0 {
            add(count, to: other.lowest + offset)
        }
    }

    /// The number below which the share `q` of the numbers lies, within 1 %; nil where there was none or where `q` is
    /// not in 0...1.
    public func quantile(_ q: Double) -> Double? {
        guard count > 0, q >= 0, q <= 1 else { return nil }
        if q == 1 { return greatest }
        let rank = q * Double(count - 1)
        var below = Double(zeros)
        if rank < below { return Swift.min(Swift.max(0, least), greatest) }
        for (offset, number) in bins.enumerated() {
            below += Double(number)
            if rank < below { return Swift.min(Swift.max(Self.middle(of: lowest + offset), least), greatest) }
        }
        return greatest
    }

    private mutating func add(_ number: Int, to bin: Int) {
        if bins.isEmpty {
            bins = [0]
            lowest = bin
        }
        var bin = bin
        if bin >= lowest + bins.count {
            raise(to: bin)
        } else if bin < lowest {
            // Room for as many below as the limit allows; what is lower still counts in the lowest.
            bin = Swift.max(bin, lowest + bins.count - Self.binLimit)
            if bin < lowest { bins.insert(contentsOf: repeatElement(0, count: lowest - bin), at: 0) }
            lowest = Swift.min(lowest, bin)
        }
        bins[bin - lowest] &+= number
    }

    /// Makes `bin` the highest, and unites the lowest where they are too many.
    private mutating func raise(to bin: Int) {
        let excess = bin - lowest + 1 - Self.binLimit
        if excess > 0 {
            let united = bins.prefix(excess + 1).reduce(0, &+)
            bins.removeFirst(Swift.min(excess + 1, bins.count))
            bins.insert(united, at: 0)
            lowest += excess
        }
        let missing = bin - lowest + 1 - bins.count
        if missing > 0 { bins.append(contentsOf: repeatElement(0, count: missing)) }
    }

    /// The number whose relative distance to both ends of the bin is the same.
    private static func middle(of bin: Int) -> Double { 2 * exp(Double(bin) / scale) / (ratio + 1) }
}
