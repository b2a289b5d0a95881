#if SQLite
import SojournCore
import SojournModel

extension Writer {
    /// Moves the end of leases. Only memory: after a restart every lease of another process starts anew anyway.
    mutating func extend(_ leases: [Lease], by duration: Duration, now: Timestamp) -> [LeaseStatus] {
        let until = now.advanced(by: duration)
        return leases.map { lease in
            guard var held = held[lease.task], held.token == lease.token else { return .lost }
            held.until = until
            hold(lease.task, held)
            return held.isCancelRequested ? .cancelled(until: until) : .held(until: until)
        }
    }

    /// Deliveries whose lease has ended, soonest first, and when the next one ends.
    func expired(limit: Int, now: Timestamp) -> (deliveries: [Delivery], nextExpiry: Timestamp?) {
        let ended = held.values.filter { $0.until <= now }.sorted { $0.until < $1.until }
        let next = ended.count > limit ? now : held.values.lazy.map(\.until).filter { $0 > now }.min()
        return (ended.prefix(limit).map(\.delivery), next)
    }

    /// The deliveries that leases stand for.
    func deliveries(of leases: [(task: TaskID, token: LeaseToken)]) -> [Delivery?] {
        leases.map { lease in
            guard let held = held[lease.task], held.token == lease.token else { return nil }
            return held.delivery
        }
    }
}
#endif
