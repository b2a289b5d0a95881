/// Whether the last events were hits, one bit each.
struct HitRing: Sendable {
    private var bits: [UInt64]
    private let capacity: Int
    private var next = 0
    /// Events that the ring holds.
    private(set) var count = 0
    /// Hits among them.
    private(set) var hits = 0

    init(capacity: Int) {
        self.capacity = max(1, capacity)
        bits = Array(repeating: 0, count: (self.capacity + 63) / 64)
    }

    /// The share of hits; nil where there was no event.
    var share: Double? { count == 0 ? nil : Double(hits) / Double(count) }

    mutating func append(_ isHit: Bool) {
        let (word, bit) = (next / 64, UInt64(1) << UInt64(next % 64))
        if count < capacity {
            count += 1
        } else if bits[word] & bit != 0 {
            hits -= 1
        }
        if isHit {
            bits[word] |= bit
            hits += 1
        } else {
            bits[word] &= ~bit
        }
        next = next + 1 == capacity ? 0 : next + 1
    }
}
