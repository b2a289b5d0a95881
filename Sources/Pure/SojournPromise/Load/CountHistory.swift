/// What had been counted at an instant of the past.
struct CountMark: Sendable, Hashable {
    /// The instant, in seconds.
    var now: Double
    var arrived: Int
    var retried: Int
    var completed: Int
    var busySeconds: Double
    var serviceSum: Double

    init(_ sample: QueueSample) {
        now = sample.now
        arrived = sample.arrived
        retried = sample.retried
        completed = sample.completed
        busySeconds = sample.busySeconds
        serviceSum = sample.serviceSum
    }
}

/// The latest marks in a ring, at least `spacing` seconds apart: bounded memory however often somebody ticks.
struct CountHistory: Sendable {
    private let capacity: Int
    private let spacing: Double
    private var ring: [CountMark] = []
    private var start = 0

    /// A history that reaches back for `span` seconds or more.
    init(span: Double, spacing: Double) {
        self.spacing = spacing
        capacity = Int(span / spacing) + 2
    }

    mutating func append(_ mark: CountMark) {
        if let last = ring.indices.isEmpty ? nil : self[ring.count - 1], mark.now - last.now < spacing { return }
        if ring.count < capacity {
            ring.append(mark)
        } else {
            ring[start] = mark
            start = (start + 1) % capacity
        }
    }

    mutating func removeAll() {
        ring.removeAll(keepingCapacity: true)
        start = 0
    }

    /// The last mark at or before `instant`, else the oldest; nil without marks.
    func last(notAfter instant: Double) -> CountMark? {
        ring.isEmpty ? nil : self[max(0, countOfMarks(notAfter: instant) - 1)]
    }

    /// The mark closest to `instant`; nil without marks.
    func nearest(to instant: Double) -> CountMark? {
        guard !ring.isEmpty else { return nil }
        let after = countOfMarks(notAfter: instant)
        guard after > 0 else { return self[0] }
        guard after < ring.count else { return self[after - 1] }
        return self[after].now - instant < instant - self[after - 1].now ? self[after] : self[after - 1]
    }

    private subscript(_ age: Int) -> CountMark {
        let index = start + age
        return ring[index < ring.count ? index : index - ring.count]
    }

    private func countOfMarks(notAfter instant: Double) -> Int {
        var (low, high) = (0, ring.count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].now <= instant { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
