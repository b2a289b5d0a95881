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
///
/// Who competes differs from call to call: workers serve different queues. So nobody's place is taken for granted: a
/// class that comes back joins where those are that it competes with now, and a queue that fell behind, because others
/// serve the rest, moves up as a whole. It saves up no credit, and its priorities keep their order among themselves.
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
        var passes = passes(of: order)
        var counts = [Int](repeating: 0, count: order.count)
        var left = min(limit, waiting.values.reduce(0, &+))
        while left > 0 {
            let open = order.indices.lazy.filter { counts[$0] < waiting[order[$0], default: 0] }
            guard let next = open.min(by: { passes[$0] < passes[$1] }) else { break }
            passes[next] += 1 / Double(order[next].priority.weight)
            counts[next] += 1
            left -= 1
        }
        for index in order.indices { turns[order[index], default: Turn()].pass = passes[index] }
        return zip(order, counts).filter { $0.1 > 0 }
    }

    /// Where the classes stand that compete now.
    private func passes(of classes: [Class]) -> [Double] {
        // When the last one was served, in each queue and in all of them.
        var clocks: [QueueName: Double] = [:]
        for key in classes {
            guard let pass = turns[key]?.pass else { continue }
            let served = pass - 1 / Double(key.priority.weight)
            clocks[key.queue] = max(clocks[key.queue] ?? served, served)
        }
        let clock = clocks.values.max() ?? 0
        let joined = classes.map { key in
            let own = clocks[key.queue] ?? clock
            return max(turns[key]?.pass ?? own, own)
        }
        var firsts: [QueueName: Double] = [:]
        for (key, pass) in zip(classes, joined) { firsts[key.queue] = min(firsts[key.queue] ?? pass, pass) }
        return zip(classes, joined).map { key, pass in pass + max(0, clock - (firsts[key.queue] ?? clock)) }
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
