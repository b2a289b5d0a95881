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
        var line: Line
        var slots = 0
        var held = 0
        var asking = 0
        var lastSeen: Double
    }
    /// The slots of workers that serve the same queues.
    private struct Pool {
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
    private var pools: [Line: Pool] = [:]

    /// How many workers there are.
    var count: Int { workers.count }

    /// A worker asks for up to `free` tasks; `slots` is how many it can run at once, if it says so.
    mutating func asks(_ name: String, for line: Line, free: Int, slots: Int? = nil, at now: Double) {
        if workers[name] == nil {
            guard workers.count < Self.capacity else { return }
            workers[name] = Worker(line: line, lastSeen: now)
        }
        change(name) { worker in
            worker.line = line
            worker.asking += 1
            worker.slots = slots ?? max(worker.slots, free)
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

    /// A task that the worker held is over, or somebody else's.
    mutating func gaveBack(_ name: String, at now: Double) {
        change(name) { worker in
            worker.held = max(0, worker.held - 1)
            worker.lastSeen = now
        }
    }

    /// The worker has ended.
    mutating func left(_ name: String) {
        guard let worker = workers.removeValue(forKey: name) else { return }
        pools[worker.line]?.slots -= worker.slots
        pools[worker.line]?.held -= worker.held
        if pools[worker.line]?.slots ?? 0 <= 0 { pools[worker.line] = nil }
    }

    /// Forgets workers that were not heard of for long.
    mutating func forgetSilent(at now: Double) {
        for (name, worker) in workers where worker.asking == 0 {
            let patience = worker.held > 0 ? Self.leasePatience : Self.patience
            if now - worker.lastSeen > patience { left(name) }
        }
    }

    /// The slots that serve a queue, and how many of them are taken, by tasks of whatever queue.
    func slots(for queue: QueueName) -> (ready: Int, busy: Int) {
        var sum = (ready: 0, busy: 0)
        for (line, pool) in pools where line.isEmpty || line.contains(queue) {
            sum.ready += pool.slots
            // A worker may claim before its last reports are written down.
            sum.busy += min(pool.held, pool.slots)
        }
        return sum
    }

    /// Whether some worker serves both queues.
    func isShared(_ one: QueueName, _ other: QueueName) -> Bool {
        pools.keys.contains { $0.isEmpty || ($0.contains(one) && $0.contains(other)) }
    }

    /// Whether some worker of `queue` may also be handed tasks of a queue that is not among `promised`.
    func servesOthers(than queue: QueueName, promised: some Collection<QueueName>) -> Bool {
        pools.keys.contains { line in
            line.isEmpty || (line.contains(queue) && line.contains { !promised.contains($0) })
        }
    }

    /// How many workers serve a queue.
    func workers(for queue: QueueName) -> Int {
        workers.values.count { $0.line.isEmpty || $0.line.contains(queue) }
    }

    /// How many tasks a worker holds; nil where it was never heard of.
    func held(by name: String) -> Int? { workers[name]?.held }

    private mutating func change(_ name: String, _ body: (inout Worker) -> Void) {
        guard var worker = workers[name] else { return }
        let before = worker
        body(&worker)
        workers[name] = worker
        pools[before.line]?.slots -= before.slots
        pools[before.line]?.held -= before.held
        if before.line != worker.line, pools[before.line]?.slots ?? 0 <= 0 { pools[before.line] = nil }
        pools[worker.line, default: Pool()].slots += worker.slots
        pools[worker.line, default: Pool()].held += worker.held
    }
}
