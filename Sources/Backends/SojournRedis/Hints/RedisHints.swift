#if Redis
public import RESP
public import SojournCore
public import SojournModel
import Synchronization

/// Hints in Redis, for a store that is elsewhere: see ``HintedQueue``. One Redis database serves one store.
///
/// A line is a sorted set, so that a hint stands where its time puts it, whoever pushes it and when. Redis may lose all
/// of it at any time; how it is configured decides only how often everything has to be hinted again.
public final class RedisHints: HintChannel {
    /// `redis`.
    public let name = "redis"
    let client: RedisClient
    let time: any TimeSource
    let directory = HintDirectory()
    private let patience: Duration
    private let wakes: WakeChannel
    private let numbers = HintNumbers()
    private let dispatch = Mutex(Dispatch())

    /// Hints on the servers of `client`, which stays the caller's to shut down. Connects with the first call.
    ///
    /// - Parameter patience: How long one call may take. Short, because the store can do without hints, and whoever
    ///   enqueues waits for them.
    public init(_ client: RedisClient, time: any TimeSource = SystemTime(), patience: Duration = .seconds(1)) {
        self.client = client
        self.time = time
        self.patience = patience
        self.wakes = WakeChannel(time: time, client: client)
    }

    /// The claims of this process that wait.
    public var waiters: WaitList { wakes.list }

    /// Adds hints and wakes claims, here and elsewhere.
    public func push(_ hints: [Hint]) async throws(BackendError) {
        if hints.isEmpty { return }
        var number = numbers.take(hints.count, at: time.now())
        var sets: [String: Command] = [:]
        var names: [QueueName: Set<Line>] = [:]
        var gains = WakeChannel.Gains()
        for hint in hints {
            let lane = hint.line.lane
            let line = Line(priority: lane.priority, tenant: lane.tenant, type: hint.line.type)
            let key = HintKeys(lane.queue).line(line)
            sets[key, default: Command("ZADD", key: key)].add(hint, number: number)
            names[lane.queue, default: []].insert(line)
            gains.add(hint.line.type, in: lane.queue)
            number += 1
        }
        // The hints first: a line that has none may lose its name at any moment.
        var commands = Array(sets.values)
        var queues = Command("SADD", key: HintKeys.queues)
        for (queue, lines) in names {
            var lineNames = Command("SADD", key: HintKeys(queue).lines)
            for line in lines { lineNames.append(line.text) }
            commands.append(lineNames)
            queues.append(queue.rawValue)
        }
        _ = try await send(commands + [queues] + wakes.announcements(gains))
        wakes.wake(gains)
    }

    /// Takes out hints: looks who waits, takes, and looks again while there is room.
    public func pop(_ request: LeaseRequest) async throws(BackendError) -> [Hint] {
        var popped: [Hint] = []
        while popped.count < request.limit {
            do throws(BackendError) {
                let now = time.now()
                let surveys = try await survey(for: request, now: now)
                let waiting = Self.waiting(in: surveys, for: request)
                let wanted = request.limit - popped.count
                let shares = dispatch.withLock { $0.next(wanted, among: waiting, promises: request.promises) }
                if shares.isEmpty { break }
                popped += try await take(shares, from: surveys, for: request, now: now)
                let left = waiting.reduce(0) { $0 + $1.inTime + $1.late } - shares.reduce(0) { $0 + $1.count }
                if left <= 0 { break }
            } catch {
                // What was popped must not be lost with the rest.
                if popped.isEmpty { throw error }
                break
            }
        }
        return popped
    }

    private static func waiting(in surveys: [HintSurvey], for request: LeaseRequest) -> [Dispatch.Waiting] {
        var waiting: [Lane: Dispatch.Waiting] = [:]
        for survey in surveys {
            for count in survey.lines where request.types?.contains(count.line.type) ?? true {
                let lane = Lane(queue: survey.keys.queue, tenant: count.line.tenant, priority: count.line.priority)
                var sum = waiting[lane] ?? Dispatch.Waiting(lane: lane, inTime: 0, oldest: .distantFuture)
                sum.inTime += count.count - count.late
                sum.late += count.late
                if let oldest = count.oldest, count.count > count.late { sum.oldest = min(sum.oldest, oldest) }
                waiting[lane] = sum
            }
        }
        return Array(waiting.values)
    }

    private func take(
        _ shares: [Dispatch.Share], from surveys: [HintSurvey], for request: LeaseRequest, now: Timestamp
    ) async throws(BackendError) -> [Hint] {
        let takes = surveys.compactMap { survey -> HintTake? in
            let mine = shares.filter { $0.lane.queue == survey.keys.queue }
            return mine.isEmpty ? nil : HintTake(mine, from: survey, for: request, now: now)
        }
        var hints: [Hint] = []
        for (take, value) in zip(takes, try await send(takes.map(\.call))) { hints += try take.read(value) }
        return hints
    }

    /// Hands out the hints of a queue, or none of them; wakes claims where it does.
    public func setPaused(_ queue: QueueName, _ isPaused: Bool) async throws(BackendError) {
        let change = Command(isPaused ? "SADD" : "SREM", key: HintKeys.paused, queue.rawValue)
        _ = try await send([change] + (isPaused ? [] : wakes.announcements(resumed: queue)))
        if !isPaused { waiters.wake(queue, count: .max) }
    }

    /// Listens to what other processes push, until cancelled. Never throws: without Redis, claims look into the store.
    public func run() async { await wakes.listen(on: client) }

    /// The answers to commands that go out in one piece; the first refusal is thrown.
    func send(_ commands: [Command]) async throws(BackendError) -> [RESPValue] {
        var values: [RESPValue] = []
        values.reserveCapacity(commands.count)
        do throws(RESPError) {
            for reply in try await client.send(commands, timeout: patience) { values.append(try reply.get()) }
        } catch {
            throw BackendError(error)
        }
        return values
    }
}

extension Command {
    fileprivate mutating func add(_ hint: Hint, number: Int64) {
        append(Int(hint.availableAt.microseconds))
        append(HintMember.encode(hint.id, number: number))
    }
}
#endif
