import SojournModel
import SojournWire

/// All queues together: computed once per look, because a frame is drawn at every key.
struct Totals: Equatable {
    /// How many queues stand how.
    var standings: [Standing: Int] = [:]
    var waiting = 0
    var running = 0
    var dead = 0
    /// Tasks that come per second.
    var rate = 0.0

    /// No queues.
    init() {}

    /// Sums up queues.
    init(_ queues: some Sequence<MonitorState.Queue>) {
        for queue in queues {
            let facts = queue.facts
            standings[queue.verdict.standing, default: 0] += 1
            waiting &+= queue.view.waiting
            running &+= facts.count(.running)
            dead &+= facts.count(.dead)
            rate += facts.insight.arrivalRate ?? 0
        }
    }
}
