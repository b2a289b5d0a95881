/// Knative's pod autoscaler: concurrency (waiting and running) over 60 s against 70 % of a slot, and over 6 s in panic.
///
/// Every 2 s. Panic begins where the short window wants twice the ready slots, and ends after 60 s without; nothing
/// shrinks meanwhile. Down by no more than half per tick (knative/serving, autoscaler.go and config-autoscaler).
public struct Knative: ScalingPolicy {
    /// Its name in the configuration.
    public static let name = "knative"
    /// Seconds between two decisions.
    public let interval = 2.0
    private static let (stableWindow, panicWindow) = (60.0, 6.0)
    private let target: Double
    private let bounds: ClosedRange<Int>
    /// ∫ of waiting and running tasks at the ticks of the stable window.
    private var ticks: [(now: Double, taskSeconds: Double)] = []
    private var panicked: Double?
    private var panicMax = 0

    /// - Parameters:
    ///   - level: the promise; only its bounds matter.
    ///   - target: tasks per slot.
    public init(level: ServiceLevel, target: Double = 0.7) {
        self.target = target
        bounds = level.slots
    }

    /// The slots wanted now; nil where nothing shall change.
    public mutating func decide(_ sample: QueueSample, _ load: LoadEstimator) -> ScalingAdvice? {
        ticks.append((sample.now, sample.busySeconds + sample.waitingSeconds))
        ticks.removeFirst(ticks.prefix { $0.now < sample.now - Self.stableWindow }.count)
        guard ticks.count >= 4 else { return nil }
        let ready = max(1, sample.ready)
        let stable = max(Numeral.ceiling(concurrency(Self.stableWindow) / target), ready / 2)
        let short = max(Numeral.ceiling(concurrency(Self.panicWindow) / target), ready / 2)
        updatePanic(isOver: short >= 2 * ready, at: sample.now)
        if panicked != nil { panicMax = max(panicMax, stable, short) }
        let slots = min(max(panicked == nil ? stable : panicMax, bounds.lowerBound), bounds.upperBound)
        guard slots != sample.current else { return nil }
        let mode = panicked == nil ? "" : " in panic"
        let tasks = Numeral.short(concurrency(panicked == nil ? Self.stableWindow : Self.panicWindow))
        return ScalingAdvice(slots: slots, reason: "\(tasks) tasks at a time\(mode): \(slots) slots")
    }

    private mutating func updatePanic(isOver: Bool, at now: Double) {
        if isOver {
            panicked = now
        } else if let since = panicked, now - since > Self.stableWindow {
            panicked = nil
            panicMax = 0
        }
    }

    /// Tasks in the system over the last seconds, in the mean.
    private func concurrency(_ window: Double) -> Double {
        guard let last = ticks.last,
            let first = ticks.first(where: { $0.now >= last.now - window - 1e-9 }), last.now > first.now
        else { return 0 }
        return (last.taskSeconds - first.taskSeconds) / (last.now - first.now)
    }
}
