/// A line that is served in order by slots that may crash: the smallest thing to hold a promise against.
struct FirstComeLine {
    struct Waiting {
        var since: Double
        var size: Double
        /// Whether its first attempt was lost with its slot: the promise was about that one.
        var isAgain = false
    }
    private struct Slot {
        var freeAt = 0.0
        var running: Waiting?
    }

    private var slots: [Slot]
    private var line: [Waiting] = []
    private var head = 0
    /// The longest wait for a first attempt, in seconds.
    private(set) var longestWait = 0.0

    init(slots count: Int) { slots = Array(repeating: Slot(), count: count) }

    var ready: Int { slots.count }
    var waiting: Int { line.count - head }
    func busy(at now: Double) -> Int { slots.count { $0.freeAt > now } }

    /// Starts what can start until `now`.
    mutating func advance(to now: Double) {
        while head < line.count, let next = slots.indices.min(by: { slots[$0].freeAt < slots[$1].freeAt }) {
            let task = line[head]
            let start = max(slots[next].freeAt, task.since)
            guard start <= now else { return }
            head += 1
            if !task.isAgain { longestWait = max(longestWait, start - task.since) }
            slots[next] = Slot(freeAt: start + task.size, running: task)
        }
    }

    mutating func come(_ size: Double, at now: Double) {
        line.append(Waiting(since: now, size: size))
        advance(to: now)
    }

    /// A slot is lost; its task goes back to the head of the line.
    mutating func crash(_ index: Int, at now: Double) {
        let slot = slots.remove(at: index % slots.count)
        guard slot.freeAt > now, let task = slot.running else { return }
        line.insert(Waiting(since: now, size: task.size, isAgain: true), at: head)
        advance(to: now)
    }
}
