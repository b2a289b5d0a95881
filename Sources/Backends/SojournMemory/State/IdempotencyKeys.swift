import SojournModel

/// Which request each idempotency key belongs to. Keys live by their own age, not by their task's.
struct IdempotencyKeys {
    struct Owner {
        let task: TaskID
        let fingerprint: UInt64
    }
    private struct Key: Hashable {
        let tenant: Tenant
        let text: String
    }
    private struct Age: Comparable {
        let madeAt: Timestamp
        let key: Key

        static func < (lhs: Self, rhs: Self) -> Bool { lhs.madeAt < rhs.madeAt }
    }
    private var owners: [Key: Owner] = [:]
    private var ages = Heap<Age>()

    /// Whose key it is, if it is known.
    func owner(of key: String, tenant: Tenant) -> Owner? { owners[Key(tenant: tenant, text: key)] }

    /// Remembers a key that is unknown so far.
    mutating func add(_ key: String, tenant: Tenant, owner: Owner, now: Timestamp) {
        let key = Key(tenant: tenant, text: key)
        owners[key] = owner
        ages.insert(Age(madeAt: now, key: key))
    }

    /// Forgets at most `limit` keys made before `cutoff`; how many.
    mutating func prune(before cutoff: Timestamp, limit: Int) -> Int {
        var pruned = 0
        while pruned < limit, let oldest = ages.first, oldest.madeAt < cutoff {
            ages.popFirst()
            owners[oldest.key] = nil
            pruned += 1
        }
        return pruned
    }
}
