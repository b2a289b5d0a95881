/// Little's law on a finite window (T0), where it is an identity and not a limit.
///
/// ∫N du = Σ_departed (b−a) − Σ_present(s) (s−a) + Σ_present(t) (t−a), for any arrivals a, departures b, any order of
/// service and any window (s, t]. Needs no assumption. Proof: N(u) = Σ 1{a ≤ u < b}; swap sum and integral, and split
/// the tasks by where a and b fall. So L = λW holds but for the two edge terms, which this keeps.
/// (On edge effects: S.-H. Kim & W. Whitt 2013.)
public struct LittleWindow: Equatable, Sendable {
    /// The beginning s of the window, in seconds.
    public let start: Double
    /// The end t of the window, in seconds.
    public let end: Double
    /// ∫N du over the window in task-seconds, measured by counting arrivals up and departures down.
    public let area: Double
    /// The tasks that departed in (s, t].
    public let departed: Int
    /// Σ (b−a) over the departed, in seconds.
    public let departedWaits: Double
    /// Σ (s−a) over those present at s: what the departed, and those still there, had waited before the window.
    public let startEdge: Double
    /// Σ (t−a) over those present at t: what those had waited who have not departed.
    public let endEdge: Double

    /// Measures the window from the instants of all tasks that touch it; others do no harm.
    ///
    /// - Parameters:
    ///   - arrivals: When each task arrived, in seconds, in any order.
    ///   - departures: When the same task departed, not before its arrival; infinite if it has not.
    ///   - start: The beginning of the window, in seconds.
    ///   - end: The end of the window, in seconds.
    /// - Throws: `QueueingError` for arrays of different lengths, an empty window, and times that are no numbers.
    public init(arrivals: [Double], departures: [Double], start: Double, end: Double) throws(QueueingError) {
        try Require.finite(start, "start")
        try Require.finite(end, "end")
        try Require.positive(end - start, "end − start")
        try Require.count(departures.count, "departures.count", from: arrivals.count, to: arrivals.count)
        var sums = Sums()
        for (arrival, departure) in zip(arrivals, departures) {
            try Require.finite(arrival, "arrivals")
            guard departure >= arrival else {
                throw .invalid(field: "departures", value: departure, valid: "not before the arrival at \(arrival)")
            }
            sums.add(arrival: arrival, departure: departure, start: start, end: end)
        }
        self.start = start
        self.end = end
        area = sums.area(start: start, end: end)
        departed = sums.departed
        departedWaits = sums.departedWaits
        startEdge = sums.startEdge
        endEdge = sums.endEdge
    }

    /// L: the mean number present.
    public var meanNumber: Double { area / (end - start) }

    /// λ: departures per second.
    public var departureRate: Double { Double(departed) / (end - start) }

    /// W: the mean wait of the departed in seconds; 0 where none departed.
    public var meanWait: Double { departed == 0 ? 0 : departedWaits / Double(departed) }

    /// Area − (waits of the departed − start edge + end edge): 0 but for rounding.
    public var gap: Double { gap(measuredArea: area) }

    /// The gap of an area that somebody else has measured, in task-seconds.
    ///
    /// Its slope is a diagnosis: k task-seconds per second are k tasks leaked or counted twice by the gauge; a slope of
    /// −δ times the throughput is a clock of the departures that is δ seconds ahead.
    public func gap(measuredArea: Double) -> Double { measuredArea - (departedWaits - startEdge + endEdge) }
}

private struct Sums {
    var departed = 0
    var departedWaits = 0.0
    var startEdge = 0.0
    var endEdge = 0.0
    /// Those present at the beginning.
    private var present = 0
    /// The changes of the number present within the window.
    private var changes: [(time: Double, by: Int)] = []

    mutating func add(arrival: Double, departure: Double, start: Double, end: Double) {
        if departure > start, departure <= end {
            departed += 1
            departedWaits += departure - arrival
            changes.append((departure, -1))
        }
        if arrival > start, arrival <= end, departure > start { changes.append((arrival, 1)) }
        if arrival <= start, departure > start {
            present += 1
            startEdge += start - arrival
        }
        if arrival <= end, departure > end { endEdge += end - arrival }
    }

    /// The integral by walking along time, independent of the sums above: that is what makes the gap a check.
    func area(start: Double, end: Double) -> Double {
        var number = present
        var time = start
        var area = 0.0
        for change in changes.sorted(by: { $0.time < $1.time }) {
            area += Double(number) * (change.time - time)
            number += change.by
            time = change.time
        }
        return area + Double(number) * (end - time)
    }
}
