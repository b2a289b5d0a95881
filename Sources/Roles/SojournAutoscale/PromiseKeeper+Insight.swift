import SojournCore
public import SojournModel
import SojournPromise
public import SojournWire
import Synchronization

extension PromiseKeeper {
    /// What is known of a queue now; nil where nothing was seen of it and it promises nothing.
    public func insight(_ queue: QueueName) -> QueueInsight? {
        let now = time.now()
        return state.withLock { $0.insight(queue, at: now) }
    }
}

extension KeeperState {
    fileprivate mutating func insight(_ queue: QueueName, at now: Timestamp) -> QueueInsight? {
        guard queues[queue] != nil else { return nil }
        let fleet = fleet(for: queue, at: now)
        var insight = QueueInsight()
        change(queue) { $0.describe(&insight, fleet, at: now) }
        insight.workers = directory.workers(for: queue)
        insight.slots = fleet.ready
        if let scaler = scalers[queue] {
            insight.desiredWorkers = scaler.desired
            insight.startup = scaler.startup.map { .clamping(seconds: $0) }
            insight.decisions = scaler.events.map {
                ScalingDecision(at: $0.at, from: $0.from, to: $0.to, reason: $0.reason)
            }
        }
        return insight
    }
}

extension QueueControl {
    /// Of fewer quotes the share that held is chance.
    private static let quotesThatTell = 100

    fileprivate mutating func describe(_ insight: inout QueueInsight, _ fleet: FleetOutlook, at now: Timestamp) {
        let outlook = outlook(fleet, at: now)
        insight.arrivalRate = load.arrivalRate
        if runs.count > 0 {
            insight.serviceTime = .clamping(seconds: load.serviceMean)
            insight.serviceVariation = load.serviceVariation
            insight.retryAmplification = load.retryAmplification
        }
        if fleet.ready > 0 { insight.utilization = load.arrivalRate * load.serviceMean / Double(fleet.ready) }
        insight.actualWait = waits.quantile(0.99).map { .clamping(seconds: $0) }
        let quote = outlook.isSlotFree ? WaitQuote(mean: 0, spread: 0) : WaitQuote(outlook)
        let bound = calibration.bound(quote)
        insight.predictedWait = bound.isFinite ? .clamping(seconds: bound) : nil
        insight.audit = auditView
        guard isPromised else { return }
        insight.maxDepth = (level.arrivalRate ?? load.arrivalRate) * level.limit
        insight.quotedWait = lastQuote.flatMap { $0.isFinite ? .clamping(seconds: $0) : nil }
        insight.quotesHeld = [calibration.waiting, calibration.all].first { $0.tasks >= Self.quotesThatTell }?.recent
        insight.attainment = ledger.allTime.attainment
        insight.starts = ledger.allTime.met + ledger.allTime.breached
        insight.breaches = ledger.allTime.breached
        insight.refusals = refusals
        let burnRates = burnRates(at: now)
        insight.burnRates = burnRates.map { BurnRate(window: .seconds($0.seconds), rate: $0.rate) }
        insight.errorBudgetUsed = burnRates.last?.rate
    }

    private var auditView: AuditView? {
        guard let reading = lineReading else { return nil }
        return AuditView(
            gap: reading.gap, relativeGap: reading.relativeGap, slope: reading.slope, diagnosis: finding)
    }
}
