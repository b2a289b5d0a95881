import SojournCore
import SojournModel

/// Tasks that wait for a worker: a line for each lane and type.
struct Lanes {
    private(set) var lines: [QueueName: [Lane: [TaskType: WaitingLine]]] = [:]

    mutating func add(_ place: Place, of message: TaskMessage, in table: TaskTable) {
        lines[message.queue, default: [:]][message.lane, default: [:]][message.type, default: WaitingLine()]
            .add(place, in: table)
    }

    /// Tells that a task left; its place must have gone stale.
    mutating func leave(_ message: TaskMessage) {
        let (queue, lane, type) = (message.queue, message.lane, message.type)
        lines[queue]?[lane]?[type]?.leave(availableSince: message.availableAt)
        // Nothing is kept for those who do not wait, or names from outside would fill the memory.
        if lines[queue]?[lane]?[type]?.count == 0 { lines[queue]?[lane]?[type] = nil }
        if lines[queue]?[lane]?.isEmpty == true { lines[queue]?[lane] = nil }
        if lines[queue]?.isEmpty == true { lines[queue] = nil }
    }

    /// Who waits in each lane that `request` may take from.
    mutating func waiting(
        for request: LeaseRequest, except paused: Set<QueueName>, now: Timestamp, in table: TaskTable
    ) -> [Dispatch.Waiting] {
        var waiting: [Dispatch.Waiting] = []
        for queue in servedQueues(request, except: paused) {
            if let promise = request.promises[queue] {
                waiting += promised(promise, in: queue, wanted: request.types, now: now, in: table)
                continue
            }
            for (lane, byType) in lines[queue] ?? [:] {
                let count = byType.reduce(0) { sum, entry in
                    request.types?.contains(entry.key) ?? true ? sum + entry.value.count : sum
                }
                if count > 0 { waiting.append(Dispatch.Waiting(lane: lane, inTime: count)) }
            }
        }
        return waiting
    }

    private mutating func promised(
        _ promise: LeasePromise, in queue: QueueName, wanted: Set<TaskType>?, now: Timestamp, in table: TaskTable
    ) -> [Dispatch.Waiting] {
        let cutoff = promise.cutoff(at: now)
        // Over copies of the keys: a loop over `lines` itself would keep a second reference to every heap.
        return Array((lines[queue] ?? [:]).keys).map { lane in
            var waiting = Dispatch.Waiting(lane: lane, inTime: 0, oldest: .distantFuture)
            for type in types(in: lane, wanted: wanted) {
                guard let first = lines[queue]?[lane]?[type]?.look(cutoff: cutoff, in: table) else { continue }
                waiting.inTime += first.inTime
                waiting.late += first.late
                waiting.oldest = min(waiting.oldest, first.oldest)
            }
            return waiting
        }
    }

    /// The types that wait in `lane`, of those that are wanted (nil = all).
    func types(in lane: Lane, wanted: Set<TaskType>?) -> [TaskType] {
        (lines[lane.queue]?[lane] ?? [:]).keys.filter { wanted?.contains($0) ?? true }
    }

    /// The slot of the task that has waited longest in `lane`, among those of `types`; of the late, of those in time,
    /// or (nil) of all.
    mutating func oldest(in lane: Lane, among types: [TaskType], late: Bool?, table: TaskTable) -> Int? {
        var oldest: Place?
        for type in types {
            guard let place = lines[lane.queue]?[lane]?[type]?.first(late: late, in: table) else { continue }
            oldest = oldest.map { min($0, place) } ?? place
        }
        return oldest?.slot
    }

    /// How many tasks of each type wait in `queue`.
    func gains(in queue: QueueName) -> Gains {
        var gains = Gains()
        for byType in (lines[queue] ?? [:]).values {
            for (type, line) in byType { gains[GainKey(queue: queue, type: type), default: 0] += line.count }
        }
        return gains
    }

    /// When the task became available that has waited longest in each queue and priority.
    mutating func oldest(in table: TaskTable) -> [DepthKey: Timestamp] {
        var oldest: [DepthKey: Timestamp] = [:]
        // Over copies of the keys: a loop over `lines` itself would keep a second reference to every heap.
        for lane in lines.values.flatMap({ $0.keys }) {
            let key = DepthKey(queue: lane.queue, priority: lane.priority)
            for type in types(in: lane, wanted: nil) {
                let line = lines[lane.queue]?[lane]?[type]?.first(late: nil, in: table)
                guard let first = line?.instant else { continue }
                oldest[key] = min(oldest[key] ?? first, first)
            }
        }
        return oldest
    }

    private func servedQueues(_ request: LeaseRequest, except paused: Set<QueueName>) -> Set<QueueName> {
        let asked = request.queues.isEmpty ? Set(lines.keys) : Set(request.queues)
        return asked.subtracting(paused)
    }
}
