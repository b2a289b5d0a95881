public import SojournPromise

/// What nobody can go below who starts every task within its limit: T3 of *The promise*.
public enum LowerBound {
    /// The least that any fleet costs, in slot-seconds: every second of work holds a billed slot for a second.
    public static func fluid(_ workload: Workload) -> Double { workload.work }

    /// A bound that also counts what it costs to launch and to remove slots, in slot-seconds.
    ///
    /// It holds whatever the order, even where tasks and slots could be divided and the future were known. It is within
    /// 1 % of the best such bound, and takes about half a second.
    ///
    /// - Parameters:
    ///   - level: W, D and G of the promise.
    ///   - steps: into how many steps the time is cut; nil takes one per second, at most 5,400. Fewer are a lower bound
    ///     as well, only not as good.
    ///   - iterations: how long to look for prices; with fewer the bound is lower, and holds all the same.
    public static func certified(
        _ workload: Workload, _ level: ServiceLevel, steps: Int? = nil, iterations: Int = 10_000
    ) -> Double {
        let wanted = steps ?? Int(min(5400, workload.horizon.rounded(.up)))
        var curves = [DemandCurves(workload, limit: max(0, level.limit), count: max(2, wanted))]
        // What a coarse curve finds is where the next finer one starts; information moves one step per iteration.
        while let last = curves.last, last.most.count > 128 { curves.append(last.halved) }
        let (startup, teardown) = (max(0, level.startup), max(0, level.teardown))
        var optimum: FluidOptimum?
        var best = fluid(workload)
        for curve in curves.reversed() {
            var finer = FluidOptimum(curve, startup: startup, teardown: teardown, from: optimum)
            // The gradient method does not rise steadily, so the best of several points is taken.
            for _ in 0..<10 {
                finer.run(max(1, iterations / 10))
                guard curve.most.count == curves[0].most.count else { continue }
                let potential = finer.potential.map { $0 * curve.step }
                let prices = PricedWork(potential, curve, startup: startup, teardown: teardown)
                // Work that the horizon cuts off is billed once.
                best = max(best, prices.value + workload.work - (curve.most.last ?? 0))
            }
            optimum = finer
        }
        return best
    }
}
