import SojournCore
import SojournModel

/// Who asks for tasks, for which queues and with how many slots.
///
/// A worker says how many slots it has when it claims. Of one that does not, the most tasks count that it asked for at
/// once. One that is not heard of for a while counts for nothing; so does one that is known to have ended.
struct WorkerDirectory: Sendable {
    /// The queues that a worker serves; empty = all.
    typealias Line = [QueueName]

    private struct Worker {
        var pool: Int
        var slots = 0
        var held = 0
        var unknown = 0
        var asking = 0
        var lastSeen: Double
    }
    /// The slots of workers that serve the same queues.
    fileprivate struct Pool {
        var line: Line
        var workers = 0
        var slots = 0
        var held = 0
    }

    /// Workers kept; names come from outside.
    private static let capacity = 10_000
    /// Seconds after which a silent worker that holds nothing counts as gone.
    private static let patience = 5.0
    /// Seconds after which a silent worker that holds tasks counts as gone; its leases end about then.
    private static let leasePatience = 120.0
    private var workers: [String: Worker] = [:]
    /// One per combination of queues that somebody serves; an empty one is used again.
    private var pools: [Pool] = []

    /// How many workers there are.
    var count: Int { workers.count }

    /// A worker asks for up to `free` tasks; `slots` is how many it can run at once, if it says so.
    mutating func asks(_ name: String, for line: Line, free: Int, slots: Int? = nil, at now: Double) {
        if let worker = workers[name], pools[worker.pool].line != line { leave(name, worker) }
        if workers[name] == nil {
            guard workers.count < Self.capacity else { return }
            let pool = pool(for: line)
            pools[pool].workers += 1
            workers[name] = Worker(pool: pool, lastSeen: now)
        }
        change(name) { worker in
            worker.asking += 1
            worker.slots = slots ?? max(worker.slots, free)
            // Tasks that it runs, and that this server was not told of: they started before it did.
            worker.unknown = slots.map { max(0, $0 - free - worker.held) } ?? 0
            worker.lastSeen = now
        }
    }

    /// A claim ended with `count` tasks.
    mutating func took(_ name: String, _ count: Int, at now: Double) {
        change(name) { worker in
            worker.asking = max(0, worker.asking - 1)
            worker.held += count
            worker.lastSeen = now
        }
    }

    /// A task that the worker held is over, or somebody else's; nil where nothing was heard of the worker itself.
    mutating func gaveBack(_ name: String, at now: Double? = nil) {
        change(name) { worker in
            worker.held = max(0, worker.held - 1)
            worker.lastSeen = now ?? worker.lastSeen
        }
    }

    /// The worker has ended.
    mutating func left(_ name: String) {
        if let worker = workers[name] { leave(name, worker) }
    }

    /// Forgets workers that were not heard of for long.
    mutating func forgetSilent(at now: Double) {
        for (name, worker) in workers where worker.asking == 0 {
            let patience = worker.held > 0 ? Self.leasePatience : Self.patience
            if now - worker.lastSeen > patience { left(name) }
        }
    }

    /// A worker is alive.
    mutating func heard(_ name: String, at now: Double) { workers[name]?.lastSeen = now }

    /// The slots that serve a queue, or it `alone`, and how many of them are taken, by tasks of whatever queue.
    func slots(for queue: QueueName, alone: Bool = false) -> (ready: Int, busy: Int) {
        var sum = (ready: 0, busy: 0)
        for pool in pools where pool.serves(queue) && (!alone || pool.line == [queue]) {
            sum.ready += pool.slots
            // A worker may claim before its last reports are written down.
            sum.busy += min(pool.held, pool.slots)
        }
        return sum
    }

    /// Whether some worker serves both queues.
    func isShared(_ one: QueueName, _ other: QueueName) -> Bool {
        pools.contains { $0.serves(one) && $0.serves(other) }
    }

    /// The slots that serve a queue, those that serve several of `rivals` being divided evenly among them.
    func fairSlots(for queue: QueueName, among rivals: some Collection<QueueName>) -> Int {
        pools.reduce(0) { sum, pool in
            guard pool.serves(queue) else { return sum }
            let count = pool.line.isEmpty ? rivals.count : pool.line.count { rivals.contains($0) }
            return sum + pool.slots / max(1, count)
        }
    }

    /// How many workers serve a queue.
    func workers(for queue: QueueName) -> Int {
        pools.reduce(0) { $0 + ($1.serves(queue) ? $1.workers : 0) }
    }

    /// How many tasks a worker holds; nil where it was never heard of.
    func held(by name: String) -> Int? { workers[name]?.held }

    private mutating func change(_ name: String, _ body: (inout Worker) -> Void) {
        guard var worker = workers[name] else { return }
        let before = worker
        body(&worker)
        workers[name] = worker
        pools[worker.pool].slots += worker.slots - before.slots
        pools[worker.pool].held += worker.held + worker.unknown - before.held - before.unknown
    }

    private mutating func leave(_ name: String, _ worker: Worker) {
        workers[name] = nil
        pools[worker.pool].workers -= 1
        pools[worker.pool].slots -= worker.slots
        pools[worker.pool].held -= worker.held + worker.unknown
    }

    private mutating func pool(for line: Line) -> Int {
        if let known = pools.firstIndex(where: { $0.line == line }) { return known }
        if let empty = pools.firstIndex(where: { $0.workers == 0 }) {
            pools[empty] = Pool(line: line)
            return empty
        }
        pools.append(Pool(line: line))
        return pools.count - 1
    }
}

extension WorkerDirectory.Pool {
    /// Whether it has workers, and they serve `queue`.
    fileprivate func serves(_ queue: QueueName) -> Bool {
        workers > 0 && (line.isEmpty || line.contains(queue))
    }
}
