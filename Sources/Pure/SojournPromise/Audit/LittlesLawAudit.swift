public import SojournModel

/// Checks without pause that the depth a queue reports and the stays of its tasks agree: Little's law without its
/// limit (T0 of *The promise*).
///
/// Over any stretch of time and for any order of service, the integral of the depth is
/// `I = J + P`: the stays `b - a` of the tasks that left, plus the ages `t - a` of those that are present. The depth
/// comes from a counter that somebody else keeps; the stays come from each task's own stamps. Where the two sides
/// differ, the difference says what is wrong: a gap that grows by k task-seconds per second is k tasks leaked in the
/// counter, one that grows by `-δ` per departure is a consumer's clock that is ahead by δ.
///
/// One audit serves the line (from `available` to `leased`), another one the slots (from `started` to `finished`).
/// All sums are whole microseconds, so that a clean gap is exactly 0 after any number of events. Every sum is linear
/// in the time, so events may be told in any order: `I = Σ change·(t - instant) = N·t - Σ change·instant`.
public struct LittlesLawAudit: Sendable {
    /// The gap must grow by this many tasks over ``window`` to be an alarm.
    public static let alarm = 0.5
    /// The time over which the growth of the gap is judged, in seconds.
    public static let window = 60.0

    /// N as it was told, and Σ change·instant.
    private var depth = 0
    private var depthMoment: Int128 = 0
    /// Tasks present by their own stamps, and the sum of these.
    private var present = 0
    private var presentSince: Int128 = 0
    /// Σ (b - a) of the tasks that left, and how many they were.
    private var stays: Int128 = 0
    private var departed = 0
    private var between = AuditSample.Between()
    private var newestArrival = Timestamp.distantPast
    private var samples = AuditSamples()
    /// What the readings so far say.
    public private(set) var diagnosis = Diagnosis.clean

    /// An audit of a place in which no task is.
    public init() {}

    /// The depth counter changed by `change` at `instant`.
    public mutating func gauge(_ change: Int, at instant: Timestamp) {
        if change > 0 { lookBefore(instant) }
        depth &+= change
        depthMoment &+= Int128(change) &* Int128(instant.microseconds)
    }

    /// A task came; `instant` is its own stamp.
    public mutating func arrive(at instant: Timestamp) {
        lookBefore(instant)
        present &+= 1
        presentSince &+= Int128(instant.microseconds)
    }

    /// A task left that had come at `arrival`.
    ///
    /// - Parameters:
    ///   - arrival: the stamp that it came with.
    ///   - instant: the stamp of its leaving from which waits are reported.
    ///   - consumer: the same moment by the clock of the consumer, where it tells it.
    public mutating func depart(since arrival: Timestamp, at instant: Timestamp, consumer: Timestamp? = nil) {
        present &-= 1
        presentSince &-= Int128(arrival.microseconds)
        stays &+= Int128(instant.microseconds) &- Int128(arrival.microseconds)
        departed &+= 1
        if let consumer { observe(consumer: consumer, backend: instant) }
    }

    /// One moment by the clock of a consumer and by that of the backend, apart from any departure.
    public mutating func observe(consumer: Timestamp, backend: Timestamp) {
        between.add(offset: consumer.duration(since: backend).wholeMicroseconds)
    }

    /// Begins anew from a truth that was read from the store: after a restart, or when the counter was set right.
    ///
    /// - Parameters:
    ///   - count: the tasks that are present; the depth counter says the same from here on.
    ///   - sumOfArrivals: the sum of their arrival stamps, in microseconds since 1970.
    public mutating func rebase(count: Int, sumOfArrivals: Int128) {
        self = Self()
        depth = count
        depthMoment = sumOfArrivals
        present = count
        presentSince = sumOfArrivals
    }

    /// Begins anew with the tasks that came at `arrivals` and are present.
    public mutating func rebase(arrivals: some Collection<Timestamp>) {
        rebase(
            count: arrivals.count,
            sumOfArrivals: arrivals.reduce(into: Int128(0)) { $0 &+= Int128($1.microseconds) })
    }

    /// I - (J + P) at `instant`, in task-microseconds: exact, and 0 where everything was counted.
    public func exactGap(at instant: Timestamp) -> Int128 { integral(at: instant) &- accounted(at: instant) }

    /// I - (J + P) at `instant`, in task-seconds.
    public func gap(at instant: Timestamp) -> Double { Double(exactGap(at: instant)) / 1e6 }

    /// Reads the gap, keeps the reading for the judgement of the next ones, and renews ``diagnosis``.
    ///
    /// Meant to be called every one to ten seconds. A reading that is not later than the one before is not kept.
    @discardableResult
    public mutating func read(at instant: Timestamp) -> Reading {
        between.add(surplus: depth &- present)
        let sample = AuditSample(
            instant: instant, gap: exactGap(at: instant), integral: integral(at: instant), departed: departed,
            surplus: depth &- present, between: between)
        if samples.append(sample) { between = AuditSample.Between() }
        let growth = samples.growth(over: Self.window)
        let reading = Reading(
            instant: instant, gap: Double(sample.gap) / 1e6, relativeGap: growth.relativeGap, slope: growth.slope,
            throughput: growth.throughput, clockOffset: samples.clockOffset(over: Self.window))
        judge(reading, growth)
        return reading
    }

    /// Looks how much the two counts differ, before the first event of a new arrival: there no event waits for its
    /// partner, wherever both are told together.
    private mutating func lookBefore(_ arrival: Timestamp) {
        guard arrival > newestArrival else { return }
        newestArrival = arrival
        between.add(surplus: depth &- present)
    }

    private func integral(at instant: Timestamp) -> Int128 {
        Int128(depth) &* Int128(instant.microseconds) &- depthMoment
    }

    private func accounted(at instant: Timestamp) -> Int128 {
        stays &+ Int128(present) &* Int128(instant.microseconds) &- presentSince
    }

    // MARK: - Judgement

    private mutating func judge(_ reading: Reading, _ growth: AuditSamples.Growth) {
        // A young audit has to show as much growth as an old one: a few seconds prove nothing.
        guard growth.gap.magnitude >= Self.alarm * max(Self.window, growth.seconds) else {
            diagnosis = measuredClock(reading) ?? .clean
            return
        }
        switch samples.cause() {
        case .leak(let tasks): diagnosis = leak(tasks, reading)
        case .clock(let offset): diagnosis = clock(offset, reading)
        // A cause that is known stays until the gap is quiet again: data of two states at once explain neither.
        case nil: if diagnosis == .clean { diagnosis = .unexplained(slope: reading.slope, since: growth.from) }
        }
    }

    /// The consumers' clock where their stamps were told beside the backend's, so that the gap itself is clean.
    private func measuredClock(_ reading: Reading) -> Diagnosis? {
        let smallest = 0.01
        guard let offset = reading.clockOffset?.estimate, offset.magnitude >= smallest,
            offset.magnitude * reading.throughput >= Self.alarm
        else { return nil }
        if case .clock(_, let since) = diagnosis { return .clock(offset: offset, since: since) }
        return .clock(offset: offset, since: samples.start(ofOffset: offset) ?? reading.instant)
    }

    private func leak(_ tasks: Int, _ reading: Reading) -> Diagnosis {
        // One that grows has begun where it began.
        if case .leak(_, let since) = diagnosis { return .leak(tasks: tasks, since: since) }
        // The gap has grown by `tasks` per second since the fault, and not at all before.
        return .leak(tasks: tasks, since: start(slope: Double(tasks), reading))
    }

    private func clock(_ offset: Double, _ reading: Reading) -> Diagnosis {
        if case .clock(_, let since) = diagnosis { return .clock(offset: offset, since: since) }
        return .clock(offset: offset, since: start(slope: -offset * reading.throughput, reading))
    }

    /// When a gap began to grow that grows by `slope` and that was constant before.
    private func start(slope: Double, _ reading: Reading) -> Timestamp {
        let (oldest, whole) = (samples.oldest ?? reading.instant, samples.growth(over: .infinity))
        let start = reading.instant.advanced(by: .clamping(seconds: -(whole.gap / slope)))
        return min(max(start, oldest), reading.instant)
    }
}
