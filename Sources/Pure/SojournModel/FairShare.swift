/// A line of waiting tasks that is served in order: the unit of fairness.
public struct Lane: Hashable, Sendable {
    /// The queue.
    public var queue: QueueName
    /// Whose tasks.
    public var tenant: Tenant
    /// How urgent.
    public var priority: Priority

    /// A lane from its parts.
    public init(queue: QueueName, tenant: Tenant, priority: Priority) {
        self.queue = queue
        self.tenant = tenant
        self.priority = priority
    }
}

/// Shares starts among lanes: priorities by weight, queues and tenants evenly, and nobody starves.
///
/// Stride scheduling (Waldspurger and Weihl, 1995) over (queue, priority): each start moves its class ahead by
/// 1 ÷ weight, and the class that is furthest behind is next. Inside a class the tenants take turns.
public struct FairShare: Sendable {
    private struct Class: Hashable {
        var queue: QueueName
        var priority: Priority
    }
    private struct Turn {
        var pass: Double = 0
        var lastTenant: Tenant?
    }

    /// Past this many remembered classes the idle ones are forgotten.
    private static let remembered = 4_096
    private var turns: [Class: Turn] = [:]
    /// The pass of the class served last: where a class that comes back joins, so that it has saved up no credit.
    private var clock: Double = 0

    /// No history.
    public init() {}

    /// Divides `limit` starts among lanes with `waiting` tasks each. The sum is the smaller of `limit` and all waiting.
    public mutating func divide(_ limit: Int, among lanes: [(lane: Lane, waiting: Int)]) -> [(lane: Lane, count: Int)] {
        guard limit > 0 else { return [] }
        if lanes.count == 1 {
            return lanes[0].waiting > 0 ? [(lanes[0].lane, min(limit, lanes[0].waiting))] : []
        }
        var classes: [Class: [(lane: Lane, waiting: Int)]] = [:]
        for entry in lanes where entry.waiting > 0 {
            classes[Class(queue: entry.lane.queue, priority: entry.lane.priority), default: []].append(entry)
        }
        forgetIdle(keeping: classes.keys)
        let shares = divideAmongClasses(limit, classes.mapValues { $0.reduce(0) { $0 &+ $1.waiting } })
        return shares.flatMap { key, count in takeTurns(count, in: key, among: classes[key] ?? []) }
    }

    private mutating func divideAmongClasses(_ limit: Int, _ waiting: [Class: Int]) -> [(Class, Int)] {
        // Sorted, so that ties break the same way on every run.
        let order = waiting.keys.sorted { ($0.priority, $0.queue) < ($1.priority, $1.queue) }
        var passes = order.map { max(turns[$0]?.pass ?? 0, clock) }
        var counts = [Int](repeating: 0, count: order.count)
        var left = min(limit, waiting.values.reduce(0, &+))
        while left > 0 {
            let open = order.indices.lazy.filter { counts[$0] < waiting[order[$0], default: 0] }
            guard let next = open.min(by: { passes[$0] < passes[$1] }) else { break }
            clock = passes[next]
            passes[next] += 1 / Double(order[next].priority.weight)
            counts[next] += 1
            left -= 1
        }
        for index in order.indices { turns[order[index], default: Turn()].pass = passes[index] }
        return zip(order, counts).filter { $0.1 > 0 }
    }

    /// Tenants take turns, beginning after the one that was served last.
    private mutating func takeTurns(
        _ count: Int, in key: Class, among lanes: [(lane: Lane, waiting: Int)]
    ) -> [(lane: Lane, count: Int)] {
        if lanes.count == 1 { return [(lanes[0].lane, count)] }
        let sorted = lanes.sorted { $0.lane.tenant < $1.lane.tenant }
        let last = turns[key]?.lastTenant
        let start = last.flatMap { last in sorted.firstIndex { $0.lane.tenant > last } } ?? 0
        var counts = [Int](repeating: 0, count: sorted.count)
        var left = count
        var index = start
        while left > 0 {
            if counts[index] < sorted[index].waiting {
                counts[index] += 1
                left -= 1
                turns[key]?.lastTenant = sorted[index].lane.tenant
            }
            index = (index + 1) % sorted.count
        }
        return zip(sorted, counts).filter { $0.1 > 0 }.map { ($0.lane, $1) }
    }

    private mutating func forgetIdle(keeping busy: some Collection<Class>) {
        guard turns.count > Self.remembered else { return }
        let busy = Set(busy)
        turns = turns.filter { busy.contains($0.key) }
    }
}
