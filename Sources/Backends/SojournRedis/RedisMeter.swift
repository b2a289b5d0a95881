#if Redis
import Logging
import NIOCore
import RESP
public import SojournCore
import SojournModel

/// A database of Redis to be measured: what it holds, and what it can do with our own scripts when they are called in
/// large batches, two at a time, and nothing else is done.
public struct RedisMeter: Sendable {
    private let client: RedisClient

    /// Prepares a connection to `address`, as `redis://localhost/9`.
    ///
    /// - Throws: ``BackendError/Code/rejected`` where the address is none.
    public init(_ address: String) throws(BackendError) {
        do throws(RESPError) {
            // Whoever measures hears of errors by the calls.
            let silent = Logger(label: "sojourn.redis") { _ in SwiftLogNoOpLogHandler() }
            client = try RedisClient(try RedisAddress(parsing: address), logger: silent)
        } catch {
            throw BackendError(.rejected, error.message, cause: error)
        }
    }

    /// Ends the connection.
    public func close() async { await client.shutdown() }

    /// How many keys the database has.
    public func keys() async throws(BackendError) -> Int {
        try await Server(client: client).send(Command("DBSIZE")).integer ?? 0
    }

    /// Deletes everything in the database.
    public func clear() async throws(BackendError) { _ = try await Server(client: client).send(Command("FLUSHDB")) }

    /// Bytes that the whole server has allocated.
    public func usedBytes() async throws(BackendError) -> Int { try await number("used_memory", of: "memory") }

    /// Whether the server is writing its log anew, which it does by itself as the log grows; meanwhile it is slower.
    public func isRewriting() async throws(BackendError) -> Bool {
        try await number("aof_rewrite_in_progress", of: "persistence") != 0
    }

    private func number(_ field: String, of section: String) async throws(BackendError) -> Int {
        let text = try await Server(client: client).send(Command("INFO", key: nil, section)).text ?? ""
        let line = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("\(field):") }
        return line.flatMap { Int($0.dropFirst(field.count + 1)) } ?? 0
    }

    /// Inserts `count` tasks of 100 bytes, then hands all of them out and finishes them; tasks per second of the
    /// latter.
    public func drainSpeed(_ count: Int, time: any TimeSource = SystemTime()) async throws -> Double {
        let queue = RedisQueue(client, time: time)
        return try await queue.rawDrainSpeed(count, time: time) { () throws(BackendError) in
            try await Self.fetchAll(from: queue)
        }
    }

    private static func fetchAll(from queue: RedisQueue) async throws(BackendError) {
        let request = LeaseRequest(limit: Scripts.batch, worker: "raw")
        let now = queue.time.now()
        guard let survey = try await queue.survey(for: request, now: now).first, let line = survey.lines.first
        else { return }
        let lane = Lane(queue: survey.entry.keys.queue, tenant: line.line.tenant, priority: line.line.priority)
        let share = Dispatch.Share(lane: lane, isLate: false, count: Scripts.batch)
        while true {
            let take = Take([share], from: survey, for: request, now: now)
            let places = try await queue.server.send(take.call).elements?.first?.buffers ?? []
            if places.isEmpty { return }
            _ = try await queue.server.send(finish(places, of: take, line: line, now: now))
        }
    }

    /// All that succeeded have the same state: as little work as there can be.
    private static func finish(_ places: [ByteBuffer?], of take: Take, line: LineDepth, now: Timestamp) -> Command {
        let message = TaskMessage(
            id: TaskID(high: 0, low: 0), type: line.line.type, payload: [], enqueuedAt: now, availableAt: now)
        var batch = FinishBatch(take.entry, now: now, count: places.count)
        var value: ByteBuffer?
        for place in places {
            guard let id = place.flatMap({ WaitingPlace.task(in: $0) }) else { continue }
            let token = Tokens.token(of: id, common: take.token, hasHistory: false)
            let report = AttemptReport(
                delivery: Delivery(message: message, lease: Lease(task: id, token: token, expiresAt: take.expiresAt)),
                outcome: .succeeded(), startedAt: now, finishedAt: now, worker: "raw")
            let result = AttemptResult(
                report: report, verdict: Verdict(status: .succeeded, disposition: .acknowledge, countsAttempt: true))
            let attempt = FinishedAttempt(result, leasedAt: now, line: line.number, now: now)
            let state = value ?? attempt.state.encoded
            value = state
            batch.add(attempt, state: state)
        }
        return batch.call
    }
}
#endif
