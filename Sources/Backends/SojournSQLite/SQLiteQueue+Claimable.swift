#if SQLite
public import SojournCore
import SojournModel

extension SQLiteQueue: ClaimableStore {
    /// Leases those of the hinted tasks that wait now, as their hints say.
    public func claim(_ hints: [Hint], for request: LeaseRequest) async throws(BackendError) -> LeaseGrant {
        guard request.limit > 0, !hints.isEmpty else { return LeaseGrant() }
        let time = self.time
        return try await committer.submit(.process, weight: hints.count) { writer throws(BackendError) in
            try writer.claim(hints, for: request, now: time.now())
        }
    }

    /// Makes due tasks available, and says which.
    public func promoteHinting(limit: Int) async throws(BackendError) -> (progress: DutyProgress, hints: [Hint]) {
        let time = self.time
        let (hints, next) = try await committer.submit(.process, weight: limit) { writer throws(BackendError) in
            try writer.promote(limit: limit, now: time.now())
        }
        let arrivals = hints.map { Arrival(queue: $0.line.lane.queue, availableAt: $0.availableAt) }
        return (DutyProgress(arrivals: arrivals, nextDue: next), hints)
    }

    /// The lines in which somebody waits.
    public func waitingLines() async throws(BackendError) -> [HintLine] {
        try await read { connection throws(BackendError) in try WaitingReader(connection: connection).lines() }
    }

    /// Who waits, line by line.
    public func waiting(_ looks: [WaitingLook]) async throws(BackendError) -> [WaitingPage] {
        guard !looks.isEmpty else { return [] }
        return try await read { connection throws(BackendError) in
            try WaitingReader(connection: connection).pages(looks)
        }
    }
}
#endif
