#if Redis
/// Which node of a cluster serves which slot.
struct SlotMap {
    private(set) var endpoints: [RedisEndpoint] = []
    /// Per slot the index of its node; `UInt16.max` where nobody serves it.
    private var owners: [UInt16] = []

    var isEmpty: Bool { endpoints.isEmpty }

    init() {}

    /// Reads the answer to `CLUSTER SLOTS`; nil if it is none, or names no node.
    init?(_ value: RESPValue, from asked: RedisEndpoint) {
        guard let ranges = value.elements else { return nil }
        owners = Array(repeating: .max, count: HashSlot.count)
        for range in ranges {
            guard let words = range.elements, words.count >= 3,
                let first = words[0].integer, let last = words[1].integer,
                first >= 0, first <= last, last < HashSlot.count,
                let endpoint = Self.endpoint(words[2], asked), let index = index(of: endpoint)
            else { continue }
            for slot in first...last { owners[slot] = index }
        }
        if endpoints.isEmpty { return nil }
    }

    /// The node of `slot`, or any node where that is unknown or there is no slot; nil if the map is empty.
    func endpoint(of slot: HashSlot?) -> RedisEndpoint? {
        guard let slot, !owners.isEmpty, owners[slot.index] < endpoints.count else { return endpoints.first }
        return endpoints[Int(owners[slot.index])]
    }

    /// Learns that `slot` lives elsewhere now.
    mutating func move(_ slot: HashSlot, to endpoint: RedisEndpoint) {
        if owners.isEmpty { owners = Array(repeating: .max, count: HashSlot.count) }
        if let index = index(of: endpoint) { owners[slot.index] = index }
    }

    private mutating func index(of endpoint: RedisEndpoint) -> UInt16? {
        if let index = endpoints.firstIndex(of: endpoint) { return UInt16(exactly: index) }
        guard endpoints.count < 1000 else { return nil }
        endpoints.append(endpoint)
        return UInt16(exactly: endpoints.count - 1)
    }

    /// A node that does not know its own address leaves it out, and means the one that was asked.
    private static func endpoint(_ node: RESPValue, _ asked: RedisEndpoint) -> RedisEndpoint? {
        guard let words = node.elements, words.count >= 2 else { return nil }
        guard let port = words[1].integer, (1...65_535).contains(port) else { return nil }
        if let host = words[0].text, !host.isEmpty, host != "?" { return .host(host, port: port) }
        guard case .host(let host, _) = asked else { return nil }
        return .host(host, port: port)
    }
}

extension Redirection {
    /// Where it leads; a redirection without a host means the one that was asked.
    func endpoint(seenFrom asked: RedisEndpoint?) -> RedisEndpoint? {
        if let host { return .host(host, port: port) }
        guard case .host(let host, _) = asked else { return nil }
        return .host(host, port: port)
    }
}
#endif
