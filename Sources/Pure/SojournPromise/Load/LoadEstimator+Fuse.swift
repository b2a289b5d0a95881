extension LoadEstimator {
    /// m̂ over this many times the baseline is a slow-down.
    private static let slowdownMax = 2.0
    /// Seconds over which the baseline is taken; it ends where the window of ``serviceMean`` begins.
    private static let baselineSeconds = 600.0
    /// The fewest tasks that make a baseline.
    private static let baselineTasks = 20

    /// The mean service time of the ten minutes before the last two, in seconds; nil where too little ran.
    public var serviceBaseline: Double? {
        guard let latest, let to = lately.last(notAfter: latest.now - Self.serviceWindow),
            let from = lately.last(notAfter: latest.now - Self.serviceWindow - Self.baselineSeconds),
            to.now - from.now >= Self.serviceWindow, to.completed - from.completed >= Self.baselineTasks
        else { return nil }
        return (to.busySeconds - from.busySeconds) / Double(to.completed - from.completed)
    }

    /// How many times longer than its baseline service takes, where that is certainly more than twice; else nil.
    ///
    /// Something that all slots share is slow then, and more slots would make it slower. Three things must come
    /// together, so that chance does not look like it: the mean of two minutes is over twice the baseline; by three
    /// standard errors over the baseline, so that one giant of a heavy tail does not do; and the attempts are slow
    /// themselves, those that ended or those that run. The last is not so when a fleet has just grown: then ∫busy runs
    /// ahead of the completions.
    public var slowdown: Double? {
        guard let latest, let baseline = serviceBaseline, baseline > 0,
            let before = recent.last(notAfter: latest.now - Self.serviceWindow)
        else { return nil }
        let ended = Double(latest.completed - before.completed)
        let tasks = ended + Self.priorTasks
        let mean = (latest.busySeconds - before.busySeconds + Self.priorTasks * baseline) / tasks
        let ratio = mean / baseline
        guard ratio > Self.slowdownMax, ratio - 1 > 3 * (serviceVariation / tasks).squareRoot() else { return nil }
        let endedAreSlow = latest.serviceSum - before.serviceSum > Self.slowdownMax * baseline * max(1, ended)
        // ∫busy − Σs is the time that running attempts have spent; in the mean m(1 + c²)/2 each.
        let spent = (latest.busySeconds - latest.serviceSum) / Double(max(1, running))
        let runningAreSlow = spent > Self.slowdownMax * baseline * (1 + serviceVariation) / 2
        return endedAreSlow || runningAreSlow ? ratio : nil
    }
}
