import Queueing

/// Decides for one queue whether a task that comes now can start in time, and how long it will wait.
///
/// - `hard`: T1 of *The promise*. A task is taken if it finds fewer than K = (c − f)·⌊W/S_max⌋ − f waiting ahead: then
///   it starts within W whatever the arrivals are, as long as no attempt takes longer than S_max and at most f slots
///   are lost.
/// - `stochastic`: the everyday form of T6. A task is taken if the slots that there are and will be, over W, cover the
///   mean work ahead and ``spreads`` of its standard deviations. It assumes that service times are independent and like
///   those of late; it promises a share of tasks, not every single one.
public struct AdmissionRule: Sendable {
    /// What the queue promises.
    public var level: ServiceLevel
    /// Standard deviations of the work ahead that capacity must cover besides its mean. All work of busy slots
    /// is counted as if it had just begun; on calm load 1 refuses 0.01 to 0.05 %, 3 refuses 0.2 to 0.5 %.
    public var spreads: Double
    /// The share of W that launches are planned to leave unused; see ``Foresight``.
    private static let guardShare = 0.2
    /// Seconds after which nobody is asked to come back later than.
    private static let retryAfterMax = 3_600.0
    private var tickets = ReturnTickets()

    /// A rule for a queue with that promise.
    public init(_ level: ServiceLevel, spreads: Double = 1) {
        self.level = level
        self.spreads = spreads
    }

    /// Whether a task is taken. A queue that does not `reject` takes every task.
    public mutating func decide(_ outlook: AdmissionOutlook) -> AdmissionAnswer {
        if outlook.isSlotFree { return .admitted(WaitQuote(mean: 0, spread: 0)) }
        if level.overflow == .reject, !isInTime(outlook) { return .refused(retryAfter: retryAfter(outlook)) }
        return .admitted(WaitQuote(outlook))
    }

    /// Tells somebody to come back, and after how many seconds.
    mutating func retryAfter(_ outlook: AdmissionOutlook) -> Double {
        let returning = tickets.outstanding(at: outlook.now)
        let room = level.mode == .stochastic ? roomIn(outlook, before: returning) : place(outlook, before: returning)
        return tickets.issue(after: room, at: outlook.now)
    }

    /// Whether a task that comes now starts within W.
    public func isInTime(_ outlook: AdmissionOutlook) -> Bool {
        switch level.mode {
        case .hard(let crashes): outlook.isSlotFree || outlook.ahead < positions(outlook.ready, crashes: crashes)
        case .stochastic: outlook.isSlotFree || isCovered(outlook)
        }
    }

    private func isCovered(_ outlook: AdmissionOutlook) -> Bool {
        let capacity = capacity(outlook, until: level.limit)
        return capacity > 0 && work(before: outlook, extra: 0) <= capacity
    }

    /// K: how many tasks may wait when a further one comes. In stochastic mode the largest number with which it is
    /// still in time with the slots of `outlook`.
    public func waitingMax(_ outlook: AdmissionOutlook) -> Int {
        if case .hard(let crashes) = level.mode { return max(0, positions(outlook.ready, crashes: crashes)) }
        guard outlook.serviceMean > 0 else { return Int.max }
        // (x + c)m + z√((x + c)σ²) = cap, solved for the root of x + c.
        let (m, deviation) = (outlook.serviceMean, spreads * outlook.serviceVariance.squareRoot())
        let cap = capacity(outlook, until: level.limit)
        guard cap > 0 else { return 0 }
        let root = ((deviation * deviation + 4 * m * cap).squareRoot() - deviation) / (2 * m)
        let tasks = (root * root - Double(outlook.ready)).rounded(.down) + 1
        return max(0, Int(exactly: min(tasks, 1e15)) ?? 0)
    }

    private func positions(_ slots: Int, crashes: Int) -> Int {
        guard let promise = try? HardPromise(servers: slots, longestService: level.serviceMax) else { return 0 }
        return (try? promise.capacity(within: level.limit, crashes: crashes)) ?? 0
    }

    /// When so many positions of a hard promise will be free, at the mean pace; never at once.
    private func place(_ outlook: AdmissionOutlook, before returning: Int) -> Double {
        let excess = Double(max(0, outlook.ahead - waitingMax(outlook))) + Double(returning) + 1
        return max(excess * outlook.serviceMean / Double(max(1, outlook.ready)), outlook.serviceMean)
    }

    /// The work that stands before the start of a task behind `extra` others who come first, in slot-seconds.
    private func work(before outlook: AdmissionOutlook, extra: Int) -> Double {
        let tasks = Double(outlook.ahead) + Double(extra) + Double(outlook.ready)
        return tasks * outlook.serviceMean + spreads * (tasks * outlook.serviceVariance).squareRoot()
    }

    /// The slot-seconds until then, with those slots that may be launched now because this task is taken.
    private func capacity(_ outlook: AdmissionOutlook, until seconds: Double) -> Double {
        let gained = max(0, seconds * (1 - Self.guardShare) - outlook.launchDelay)
        return outlook.capacity(within: seconds) + Double(max(0, outlook.launchable)) * gained
    }

    /// The least r after which a task that comes back is in time, `returning` others coming back before it and the rest
    /// arriving as they do now: cap(t + r + W) ≥ V + (j + 1)m + λmr.
    private func roomIn(_ outlook: AdmissionOutlook, before returning: Int) -> Double {
        let needed = work(before: outlook, extra: returning + 1)
        let offered = outlook.arrivalRate * outlook.serviceMean
        func missing(after wait: Double) -> Double {
            needed + offered * wait - outlook.capacity(within: level.limit + wait)
        }
        // Between two instants at which slots become ready the capacity grows evenly.
        var wait = 0.0
        let changes = outlook.pending.map { $0 - outlook.now - level.limit }.filter { $0 > 0 } + [Self.retryAfterMax]
        var slots = Double(outlook.ready + outlook.pending.count - (changes.count - 1))
        for change in changes {
            let gain = slots - offered
            let missing = missing(after: wait)
            if missing <= 0 { return wait }
            if gain > 0, wait + missing / gain <= change { return wait + missing / gain }
            wait = change
            slots += 1
        }
        // More comes than is ever served: only new slots help, and they take this long.
        return max(outlook.launchDelay, level.limit)
    }
}
