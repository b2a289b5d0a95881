public import SojournCore
import SojournModel

extension MemoryQueue: ClaimableStore {
    /// Leases those of the hinted tasks that wait now, as their hints say.
    public func claim(_ hints: [Hint], for request: LeaseRequest) async -> LeaseGrant {
        step { state, now in state.claim(hints, for: request, now: now) }
    }

    /// Makes due tasks available, and says which.
    public func promoteHinting(limit: Int) async -> (progress: DutyProgress, hints: [Hint]) {
        step { state, now in
            let (hints, next) = state.promote(limit: limit, now: now)
            return (DutyProgress(arrivals: hints.map(Arrival.init), nextDue: next), hints)
        }
    }

    /// The lines in which somebody waits.
    public func waitingLines() async -> [HintLine] { step { state, _ in state.lanes.hintLines } }

    /// Who waits, line by line.
    public func waiting(_ looks: [WaitingLook]) async -> [WaitingPage] {
        step { state, _ in looks.map { state.waiting($0) } }
    }
}

extension Arrival {
    init(_ hint: Hint) { self.init(queue: hint.line.lane.queue, availableAt: hint.availableAt) }
}
