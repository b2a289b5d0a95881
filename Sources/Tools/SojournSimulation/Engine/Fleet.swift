/// The slots of a simulated queue, and what they cost.
///
/// A slot is billed from its launch. One that is removed takes no more tasks, first ends the attempt that it runs, and
/// is billed `teardown` seconds more.
struct Fleet {
    let startup: Double
    let teardown: Double
    let horizon: Double
    var idle: Int
    var busy = 0
    /// Of those that are busy, how many leave with their attempt's end.
    private(set) var draining = 0
    /// When the launched ones are ready, ascending.
    private(set) var pending: [Double] = []
    private(set) var slotSeconds = 0.0
    private(set) var launched = 0
    private(set) var actions = 0

    init(slots: Int, settings: SimulationSettings, horizon: Double) {
        idle = slots
        // Slots that never come would let a run never end.
        startup = min(max(0, settings.startup), 1e6)
        teardown = min(max(0, settings.teardown), 1e6)
        self.horizon = horizon
    }

    var ready: Int { idle + busy - draining }
    var current: Int { ready + pending.count }

    /// Bills the time between two instants, up to the horizon.
    mutating func bill(from start: Double, to end: Double) {
        slotSeconds += Double(idle + busy + pending.count) * (min(end, horizon) - min(start, horizon))
    }

    /// Bills work that is done after the horizon, or takes it back.
    mutating func bill(afterHorizon seconds: Double) { slotSeconds += seconds }

    mutating func scale(to slots: Int, at instant: Double) {
        let difference = slots - current
        guard difference != 0 else { return }
        actions += 1
        if difference > 0 {
            launched += difference
            pending.append(contentsOf: repeatElement(instant + startup, count: difference))
            return
        }
        let cancelled = min(-difference, pending.count)
        pending.removeLast(cancelled)
        let removed = min(-difference - cancelled, idle)
        idle -= removed
        draining += -difference - cancelled - removed
        billTeardown(cancelled + removed, at: instant)
    }

    /// The next launched slot is ready.
    mutating func becomeReady() {
        pending.removeFirst()
        idle += 1
    }

    /// An attempt ended. Whether its slot takes the next task.
    mutating func release(at instant: Double) -> Bool {
        guard draining > 0 else { return true }
        draining -= 1
        busy -= 1
        billTeardown(1, at: instant)
        return false
    }

    /// A slot vanished.
    mutating func lose(busy wasBusy: Bool) {
        if wasBusy { busy -= 1 } else { idle -= 1 }
        draining = min(draining, busy)
    }

    private mutating func billTeardown(_ slots: Int, at instant: Double) {
        if instant < horizon { slotSeconds += teardown * Double(slots) }
    }
}
