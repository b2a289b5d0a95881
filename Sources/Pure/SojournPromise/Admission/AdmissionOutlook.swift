/// What a task that comes now has to expect: the capacity inside its promise, and the work before it.
public struct AdmissionOutlook: Sendable, Hashable {
    /// The instant, in seconds.
    public var now: Double
    /// Slots that claim tasks, busy ones included.
    public var ready: Int
    /// Slots that run an attempt.
    public var busy: Int
    /// The share of the starts of these slots that are for this queue; the rest is kept for tasks without a promise.
    public var share: Double
    /// When slots that were launched will be ready, in ascending order.
    public var pending: [Double]
    /// Tasks that will start before this one.
    public var ahead: Int
    /// Slots that may still be launched, and will be if the work ahead needs them.
    public var launchable: Int
    /// D + Δ: seconds from now until a slot that is asked for now is ready.
    public var launchDelay: Double
    /// m, the mean service time in seconds.
    public var serviceMean: Double
    /// The variance of service times, in seconds².
    public var serviceVariance: Double
    /// λ, tasks per second.
    public var arrivalRate: Double

    /// An outlook without a fleet and without work.
    public init(now: Double = 0) {
        self.now = now
        ready = 0
        busy = 0
        share = 1
        pending = []
        ahead = 0
        launchable = 0
        launchDelay = 0
        serviceMean = 0
        serviceVariance = 0
        arrivalRate = 0
    }

    /// Slots that have nothing to do, and nobody before this task to take them.
    public var isSlotFree: Bool { ready - busy > ahead }

    /// ∫ of the slots that claim, from now for `seconds`; those that could be launched are not counted.
    public func capacity(within seconds: Double) -> Double { share * slotSeconds(within: seconds) }

    private func slotSeconds(within seconds: Double) -> Double {
        var sum = Double(ready) * seconds
        for instant in pending {
            let left = now + seconds - instant
            guard left > 0 else { break }
            sum += left
        }
        return sum
    }
}

/// Whether a task is taken.
public enum AdmissionAnswer: Sendable, Hashable {
    /// Yes, and what it has to expect.
    case admitted(WaitQuote)
    /// No; after so many seconds there will be room.
    case refused(retryAfter: Double)
}
