#if Redis
import SojournCore
import SojournModel
import Synchronization

/// The leases of workers that live and die with this process, so that they can be given up when it ends in order.
final class LocalLeases: Sendable {
    private let leases = Mutex<[LeaseToken: Lease]>([:])

    /// All of them.
    var all: [Lease] { leases.withLock { Array($0.values) } }

    func add(_ deliveries: [Delivery]) {
        leases.withLock { leases in for delivery in deliveries { leases[delivery.lease.token] = delivery.lease } }
    }

    func remove(_ results: [AttemptResult]) {
        leases.withLock { leases in
            if leases.isEmpty { return }
            for result in results { leases[result.report.delivery.lease.token] = nil }
        }
    }
}
#endif
