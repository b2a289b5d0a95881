import SojournCore
import SojournModel

/// What clients send.
struct Workload {
    static let types: [TaskType] = ["a", "b"]
    static let queues: [QueueName] = ["mail", "video"]
    static let tenants: [Tenant] = ["t1", "t2"]

    let dice: Dice
    /// Requests with idempotency keys that were made, to make them again.
    private(set) var keyed: [NewTask] = []
    private var made = 0
    private let client: Int

    init(client: Int, dice: Dice) {
        self.client = client
        self.dice = dice
    }

    /// A batch of new tasks, and some that were asked for before.
    mutating func batch(_ count: Int, now: Timestamp) -> [NewTask] {
        (0..<count).map { _ in
            if dice.happens(percent: 4), let again = again(now: now) { return again }
            return fresh(now: now)
        }
    }

    private mutating func fresh(now: Timestamp) -> NewTask {
        made += 1
        var random = DiceGenerator(dice: dice)
        var message = TaskMessage(
            id: TaskID(at: now, random: &random), type: dice.pick(Self.types), payload: payload(), enqueuedAt: now,
            availableAt: now)
        message.queue = dice.pick(Self.queues)
        message.tenant = dice.happens(percent: 80) ? Self.tenants[0] : Self.tenants[1]
        message.priority = dice.pick(Priority.allCases)
        if dice.happens(percent: 15) { message.availableAt = now.advanced(by: dice.span(milliseconds: 1...10_000)) }
        if dice.happens(percent: 40) { message.maxRetries = dice.number(in: 0...3) }
        if dice.happens(percent: 10) { message.timeout = dice.span(milliseconds: 50...2_000) }
        if dice.happens(percent: 5) { message.deadline = now.advanced(by: dice.span(milliseconds: 500...30_000)) }
        var task = NewTask(message: message)
        if dice.happens(percent: 25) {
            task = NewTask(message: message, idempotencyKey: "key-\(client)-\(made)")
            keyed.append(task)
        }
        return task
    }

    /// The same request under another identifier, as a client makes it that never heard the answer; or, by mistake,
    /// another request with the same key.
    private mutating func again(now: Timestamp) -> NewTask? {
        guard !keyed.isEmpty else { return nil }
        let old = dice.pick(keyed)
        var random = DiceGenerator(dice: dice)
        var message = old.message
        message.id = TaskID(at: now, random: &random)
        message.enqueuedAt = now
        message.availableAt = max(now, message.availableAt)
        if dice.happens(percent: 30) { message.payload = payload() }
        return NewTask(message: message, idempotencyKey: old.idempotencyKey)
    }

    private func payload() -> [UInt8] {
        let number = dice.next()
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        return bytes + [0, 0xFF] + [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: dice.number(below: 6))
    }
}
