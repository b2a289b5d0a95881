/// How long a task that comes now will wait: what to expect, and by how much that can be wrong.
///
/// The bound that a task is told is `mean + z·spread`; ``Calibration`` learns z.
public struct WaitQuote: Sendable, Hashable {
    /// The expected wait in seconds; 0 where a slot is free, infinite where there is no slot and none to come.
    public var mean: Double
    /// The standard deviation of the wait, in seconds.
    public var spread: Double

    /// A quote from its parts.
    public init(mean: Double, spread: Double) {
        self.mean = mean
        self.spread = spread
    }

    /// The standard deviation of a start-up time, as a share of it.
    private static let launchDoubt = 0.1

    /// The quote for a task that comes into that state of affairs.
    ///
    /// While the task waits, all c slots are busy and tasks end at the rate c/m, so with n ahead it starts at the
    /// (n + 1)-th end: after `(n + 1)·m/c` on average. The ends of c busy slots come like a Poisson process until each
    /// slot has ended about once (variance `m²/c²` each), and from then on as regularly as the services are
    /// (`σ²/c²` each):
    ///
    ///     spread² = (min(n + 1, c)·m² + max(0, n + 1 - c)·σ²) / c²
    ///
    /// That is exact for exponential services. A slot that is launched takes one task when it is ready, and ends tasks
    /// from then on; where the task starts on such a slot, a tenth of the time until it is ready is added to the
    /// spread. Slots that may be launched count only where there is nothing else: whether they come is not known.
    public init(_ outlook: AdmissionOutlook) {
        let free = Double(outlook.ready) - Double(outlook.busy)
        let (mean, variance) = (max(0, outlook.serviceMean), max(0, outlook.serviceVariance))
        var crossing = Crossing(ends: Double(outlook.ahead) + 1 - free, slots: Double(outlook.ready), service: mean)
        var pending = outlook.pending[...]
        if outlook.ready == 0, pending.isEmpty, outlook.launchable > 0 {
            pending = [outlook.now + max(0, outlook.launchDelay)]
        }
        while !crossing.isDone, let ready = pending.popFirst() { crossing.join(after: ready - outlook.now) }
        crossing.finish()
        let (ends, slots) = (crossing.awaited, max(1, crossing.slots))
        let square = min(ends, slots) * mean * mean + max(0, ends - slots) * variance
        let launch = Self.launchDoubt * crossing.launch
        self.init(mean: crossing.time, spread: (square / (slots * slots) + launch * launch).squareRoot())
    }
}

/// Finds when so many services will have ended, while slots join.
private struct Crossing {
    /// Ends still needed; each slot that joins spares one.
    private var ends: Double
    private(set) var slots: Double
    private let service: Double
    private(set) var time = 0.0
    /// Ends that were waited for at all: those whose times are chance.
    private(set) var awaited = 0.0
    /// When the slot is ready that the task starts on; 0 where it is one that is there.
    private(set) var launch = 0.0

    init(ends: Double, slots: Double, service: Double) {
        (self.ends, self.slots, self.service) = (ends, max(0, slots), service)
    }

    var isDone: Bool { ends <= 0 }

    /// A slot is ready at `instant`.
    mutating func join(after instant: Double) {
        let possible = slots * max(0, instant - time) / max(service, .leastNormalMagnitude)
        guard possible < ends else { return finish() }
        ends -= possible
        awaited += possible
        time = max(time, instant)
        ends -= 1
        slots += 1
        if isDone { launch = time }
    }

    /// No other slot joins.
    mutating func finish() {
        guard ends > 0 else { return }
        awaited += ends
        time = slots > 0 ? time + ends * service / slots : .infinity
        ends = 0
    }
}
