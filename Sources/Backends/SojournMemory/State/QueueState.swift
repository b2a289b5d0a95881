import SojournCore
import SojournModel

/// All tasks of a ``MemoryQueue``: a state machine without a clock. Who calls brings `now`.
///
/// Each task stands in the one line that its status asks for, and ``update(_:_:)`` is the only way to another.
struct QueueState {
    var table = TaskTable()
    var lanes = Lanes()
    /// Scheduled and retrying tasks, by when they are due.
    var due = Line()
    /// Running tasks, by when their lease ends.
    var leased = Line()
    /// Succeeded and cancelled tasks, by when they finished.
    var finished = Line()
    /// Dead letters, by when they died.
    var dead = Line()
    var keys = IdempotencyKeys()
    var depths = Depths()
    var paused: Set<QueueName> = []
    var dispatch = Dispatch()
    var random: any RandomNumberGenerator & Sendable
    private var lastPlace: UInt64 = 0
    private var gains = Gains()

    init(random: any RandomNumberGenerator & Sendable) { self.random = random }

    /// What became available since this was asked last.
    mutating func takeGains() -> Gains {
        defer { gains = [:] }
        return gains
    }

    /// Tells those who wait of tasks that were there before.
    mutating func announce(_ more: Gains) { gains.merge(more) { $0 + $1 } }

    /// Changes a task and moves it to the line of its new status.
    mutating func update(_ slot: Int, _ change: (inout TaskEntry) -> Void) {
        leave(slot)
        change(&table[slot])
        enter(slot)
    }

    /// Takes in a task whose identifier is new.
    mutating func add(_ entry: TaskEntry) { enter(table.insert(entry)) }

    /// Forgets a task.
    mutating func remove(_ slot: Int) {
        leave(slot)
        table.remove(slot)
    }

    private mutating func enter(_ slot: Int) {
        lastPlace += 1
        table[slot].place = lastPlace
        let record = table[slot].record
        depths.add(1, to: record)
        func place(_ instant: Timestamp?) -> Place {
            Place(instant: instant ?? .distantPast, number: lastPlace, slot: slot)
        }
        switch record.status {
        case .blocked:
            break
        case .scheduled, .retrying:
            due.add(place(record.message.availableAt), in: table)
        case .queued:
            lanes.add(place(record.message.availableAt), of: record.message, in: table)
            gains[GainKey(queue: record.message.queue, type: record.message.type), default: 0] += 1
        case .running:
            leased.add(place(table[slot].grant?.lease.expiresAt), in: table)
        case .succeeded, .cancelled:
            finished.add(place(record.finishedAt), in: table)
        case .dead:
            dead.add(place(record.finishedAt), in: table)
        }
    }

    private mutating func leave(_ slot: Int) {
        table[slot].place = 0
        let record = table[slot].record
        depths.add(-1, to: record)
        switch record.status {
        case .blocked: break
        case .scheduled, .retrying: due.leave()
        case .queued: lanes.leave(record.message)
        case .running: leased.leave()
        case .succeeded, .cancelled: finished.leave()
        case .dead: dead.leave()
        }
    }
}
