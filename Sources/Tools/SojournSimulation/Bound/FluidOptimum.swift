/// Looks for the cheapest fluid fleet: the primal-dual gradient method of Chambolle and Pock on the linear program
///
///     min Σ (c - x) + D Σ (c rises) + G Σ (c falls),   0 <= x <= c,   least <= Σ x <= most
///
/// with c the capacity and x the work done in each step. Only its ``potential`` is used: however far it is from the
/// optimum, the bound that ``PricedWork`` makes of it holds.
struct FluidOptimum {
    private let curves: DemandCurves
    /// What a slot more or less costs from one step to the next, in steps.
    private let (launch, removal): (Double, Double)
    /// Length of a step of the capacities; that of the prices is as much longer as this one is shorter than ¼.
    private let (primalStep, dualStep): (Double, Double)
    private var done: [Double]
    private var capacity: [Double]
    /// Of x <= c.
    private var price: [Double]
    /// Of 0 <= x.
    private var advance: [Double]
    /// Of the changes of c between two steps: y of ``PricedWork``, in steps.
    private(set) var potential: [Double]

    /// A start from what a problem with half as many steps has found.
    init(_ curves: DemandCurves, startup: Double, teardown: Double, from coarse: FluidOptimum?) {
        self.curves = curves
        (launch, removal) = (startup / curves.step, teardown / curves.step)
        let count = curves.most.count
        let room = zip(curves.most, curves.least).reduce(0) { $0 + $1.0 - $1.1 } / Double(count)
        // Work can move by the room between the curves, prices by a few units.
        let weight = 0.25 / max(room, 1).squareRoot()
        // The matrix of the constraints has a norm below √12.
        (primalStep, dualStep) = (0.28 / weight, 0.28 * weight)
        let middle = zip(curves.most, curves.least).map { ($0 + $1) / 2 }
        done = middle
        capacity = zip(middle, [0] + middle).map { $0 - $1 }
        price = Array(repeating: 1, count: count)
        advance = Array(repeating: 0, count: count)
        potential = Array(repeating: 0, count: count - 1)
        if let coarse { refine(coarse) }
    }

    private mutating func refine(_ coarse: FluidOptimum) {
        func between(_ values: [Double], _ index: Int) -> Double {
            let right = index / 2 < values.count ? values[index / 2] : values.last ?? 0
            let left = index > 1 ? values[min(index / 2, values.count) - 1] : 0
            return index % 2 == 1 ? right : (left + right) / 2
        }
        for index in done.indices {
            done[index] = min(max(between(coarse.done, index), curves.least[index]), curves.most[index])
            let step = min(index / 2, coarse.capacity.count - 1)
            capacity[index] = coarse.capacity[step] / 2
            price[index] = coarse.price[step]
            advance[index] = coarse.advance[step]
        }
        for index in potential.indices { potential[index] = 2 * between(coarse.potential, index) }
    }

    /// So many iterations more.
    mutating func run(_ iterations: Int) {
        var (doneAhead, capacityAhead) = (done, capacity)
        for _ in 0..<iterations {
            improveFleet(&doneAhead, &capacityAhead)
            improvePrices(doneAhead, capacityAhead)
        }
    }

    /// Cheaper at the present prices; `ahead` are the points as far beyond the new ones as these are from the old ones.
    private mutating func improveFleet(_ doneAhead: inout [Double], _ capacityAhead: inout [Double]) {
        for index in done.indices {
            let isLast = index + 1 == done.count
            let next = isLast ? 1 : price[index + 1] - advance[index + 1]
            let slope = price[index] - advance[index] - next
            let moved = min(max(done[index] - primalStep * slope, curves.least[index]), curves.most[index])
            doneAhead[index] = 2 * moved - done[index]
            done[index] = moved
            let gain = (index > 0 ? potential[index - 1] : 0) - (isLast ? 0 : potential[index])
            let slots = max(0, capacity[index] - primalStep * (1 - price[index] + gain))
            capacityAhead[index] = 2 * slots - capacity[index]
            capacity[index] = slots
        }
    }

    /// Dearer where the constraints are broken.
    private mutating func improvePrices(_ doneAhead: [Double], _ capacityAhead: [Double]) {
        var before = 0.0
        for index in done.indices {
            let work = doneAhead[index] - before
            before = doneAhead[index]
            price[index] = max(0, price[index] + dualStep * (work - capacityAhead[index]))
            advance[index] = max(0, advance[index] - dualStep * work)
            guard index < potential.count else { continue }
            let rise = capacityAhead[index + 1] - capacityAhead[index]
            potential[index] = min(max(potential[index] + dualStep * rise, -removal), launch)
        }
    }
}
