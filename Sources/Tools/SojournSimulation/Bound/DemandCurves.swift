/// How much work can have been done by each of several instants at most, and must have been done at least.
struct DemandCurves {
    /// Seconds between two instants; the first is one step after 0.
    let step: Double
    /// Work that can have been done: every task starts as it comes.
    let most: [Double]
    /// Work that must have been done: every task starts at its limit.
    let least: [Double]

    /// The curves of a workload at `count` instants, the last of which is the horizon.
    init(_ workload: Workload, limit: Double, count: Int) {
        step = workload.horizon / Double(count)
        let instants = (1...count).map { workload.horizon * Double($0) / Double(count) }
        let most = Self.work(workload, delay: 0, instants)
        self.most = most
        least = zip(Self.work(workload, delay: limit, instants), most).map { min($0, $1) }
    }

    private init(step: Double, most: [Double], least: [Double]) {
        (self.step, self.most, self.least) = (step, most, least)
    }

    /// The same curves at every other instant.
    var halved: DemandCurves {
        let kept = most.indices.filter { $0 % 2 == 1 || $0 == most.count - 1 }
        return DemandCurves(step: step * 2, most: kept.map { most[$0] }, least: kept.map { least[$0] })
    }

    /// Σ min(service, time since the start) at every instant, where each task starts `delay` after it came.
    private static func work(_ workload: Workload, delay: Double, _ instants: [Double]) -> [Double] {
        let starts = workload.arrivals.map { $0 + delay }
        let ends = zip(starts, workload.services).map { $0 + $1 }.sorted()
        return zip(ramps(starts, instants), ramps(ends, instants)).map { $0 - $1 }
    }

    /// Σ max(0, instant - begin) at every instant.
    private static func ramps(_ begins: [Double], _ instants: [Double]) -> [Double] {
        var next = 0
        var sum = 0.0
        return instants.map { instant in
            while next < begins.count, begins[next] < instant {
                sum += begins[next]
                next += 1
            }
            return Double(next) * instant - sum
        }
    }
}
