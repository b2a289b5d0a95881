/// The dual of the fluid problem: prices of capacity over time, and what the work is worth at these prices.
///
/// Let y be any curve between -G and D that begins and ends at 0 and rises by no more than a second per second. Then
/// p = 1 - dy/dt is a price at which nobody gains by holding a slot for any stretch of time: what it earns above its
/// bill is y at the beginning less y at the end, so at most D + G, which is what launch and removal cost. So a fleet
/// costs at least what its work is worth; and each piece of work is worth at least the lowest price between its arrival
/// and its limit. Every y gives a bound that holds.
struct PricedWork {
    private let prices: [Double]
    private let curves: DemandCurves

    /// Prices from a curve that is first brought into the allowed range.
    ///
    /// - Parameter potential: y at the inner ends of the steps, one less than there are steps.
    init(_ potential: [Double], _ curves: DemandCurves, startup: Double, teardown: Double) {
        var y = potential.map { min(max($0, -teardown), startup) }
        var before = 0.0
        for index in y.indices {
            y[index] = min(y[index], before + curves.step)
            before = y[index]
        }
        var after = 0.0
        for index in y.indices.reversed() {
            y[index] = max(y[index], after - curves.step)
            after = y[index]
        }
        prices = zip([0] + y, y + [0]).map { 1 + ($0 - $1) / curves.step }
        self.curves = curves
    }

    /// What the work inside of the curves is worth at least, in slot-seconds.
    var value: Double {
        let (count, all) = (prices.count, curves.most.last ?? 0)
        var value = 0.0
        var done = 0.0
        var (first, last) = (0, 0)
        var window = SlidingMinimum(prices)
        while done < all {
            while first < count, curves.most[first] <= done { first += 1 }
            while last < count, curves.least[last] <= done { last += 1 }
            guard first < count else { break }
            // Work that need not be done by the horizon costs a slot-second per second then.
            let mustEnd = last < count
            let next = mustEnd ? min(curves.most[first], curves.least[last]) : curves.most[first]
            let price = window.minimum(from: first, through: mustEnd ? last : count - 1)
            value += (next - done) * (mustEnd ? price : min(price, 1))
            done = next
        }
        return value
    }
}

/// The least element of a window whose ends only move forward.
private struct SlidingMinimum {
    private let values: [Double]
    private var candidates: [Int] = []
    private var head = 0
    private var seen = 0

    init(_ values: [Double]) { self.values = values }

    mutating func minimum(from first: Int, through last: Int) -> Double {
        while seen <= last {
            while candidates.count > head, values[candidates[candidates.count - 1]] >= values[seen] {
                candidates.removeLast()
            }
            candidates.append(seen)
            seen += 1
        }
        while candidates[head] < first { head += 1 }
        return values[candidates[head]]
    }
}
