#if Postgres
import PQ
import SojournCore
import SojournModel
import Synchronization

extension PostgresQueue {
    /// Hands out at most `limit` tasks in the order of ``Dispatch``. Where only one line has tasks that is one call;
    /// else the first one says who waits, and the second one takes what was chosen.
    func claim(_ request: LeaseRequest) async throws(BackendError) -> LeaseGrant {
        var grant = LeaseGrant()
        var misses = 0
        while !grant.isEnough(for: request) {
            let round = ClaimRound(
                request: request, limit: request.limit - grant.deliveries.count, now: time.now(), origin: origin)
            let answer: (grant: LeaseGrant, isAll: Bool)
            do throws(BackendError) {
                answer = try await take(round)
            } catch {
                // Who has been handed tasks must hear of them.
                if grant.isEmpty { throw error }
                break
            }
            grant.add(answer.grant)
            if answer.isAll, answer.grant.expired.isEmpty { break }
            guard answer.grant.isEmpty else { continue }
            // Another claim was quicker to lock what was chosen, and others still wait.
            misses += 1
            if misses > Self.missesMax { break }
            try? await SystemTime().sleep(for: .milliseconds(1 << misses))
        }
        return grant
    }

    /// What one round hands out, and whether that is all there is.
    private func take(_ round: ClaimRound) async throws(BackendError) -> (grant: LeaseGrant, isAll: Bool) {
        let first = try await read(try await database.run(database.sql.claim, round.values(now: database.now)))
        if first.survey.isEmpty { return (first.grant, first.grant.count < round.limit) }
        let (shares, waiting) = choose(first.survey, for: round)
        if shares.isEmpty { return (LeaseGrant(), true) }
        let values = round.values(now: database.now, shares, of: first.survey)
        let answer = try await read(try await database.run(database.sql.claim, values))
        return (answer.grant, waiting <= shares.reduce(0) { $0 + $1.count })
    }

    /// How often in a row others may be quicker before a claim gives up.
    private static let missesMax = 5

    /// Hands out those of the hinted tasks that wait as their hints say.
    func claimHinted(_ hints: [Hint], for request: LeaseRequest) async throws(BackendError) -> LeaseGrant {
        let round = ClaimRound(request: request, limit: request.limit, now: time.now(), origin: origin)
        let values =
            Array(round.values(now: database.now).prefix(7))
            + [.uuidArray(hints.map(\.id.uuid)), .int8Array(hints.map(\.availableAt.microseconds))]
        return try await read(try await database.run(database.sql.claimHints, values)).grant
    }

    private func choose(_ survey: [SurveyLine], for round: ClaimRound) -> (shares: [Dispatch.Share], waiting: Int) {
        var waiting: [Lane: Dispatch.Waiting] = [:]
        for line in survey {
            var sum =
                waiting[line.line.lane] ?? Dispatch.Waiting(lane: line.line.lane, inTime: 0, oldest: .distantFuture)
            sum.inTime += line.inTime
            sum.late += line.late
            if let oldest = line.oldest { sum.oldest = min(sum.oldest, oldest) }
            waiting[line.line.lane] = sum
        }
        let shares = dispatch.withLock {
            $0.next(round.limit, among: Array(waiting.values), promises: round.request.promises)
        }
        return (shares, survey.reduce(0) { $0 + $1.inTime + $1.late })
    }

    private func read(_ rows: PQResult) async throws(BackendError) -> ClaimAnswer {
        let lines = try await lines.lines(in: rows, from: database)
        return try database.read { () throws(PQError) in try ClaimAnswer(rows, lines) }
    }
}

/// One line of a survey.
private struct SurveyLine {
    let number: Int
    let line: Line
    let inTime: Int
    let late: Int
    let oldest: Timestamp?
}

/// What one call of the claim statement brought.
private struct ClaimAnswer {
    var grant = LeaseGrant()
    var survey: [SurveyLine] = []

    init(_ rows: PQResult, _ lines: [Int: Line]) throws(PQError) {
        grant.deliveries.reserveCapacity(rows.rowCount)
        for row in 0..<rows.rowCount {
            let number = try rows.int(row, DeliveryRow.line)
            guard let line = lines[number] else { continue }
            let read = DeliveryRow(rows: rows, row: row)
            switch try rows.int(row, 0) {
            case 0: grant.deliveries.append(try read.delivery(line))
            case 1: grant.expired.append(try read.expired(line))
            default:
                survey.append(
                    SurveyLine(
                        number: number, line: line, inTime: try rows.int(row, 18), late: try rows.int(row, 19),
                        oldest: try rows.timestampOrNil(row, 5)))
            }
        }
    }
}

extension LeaseGrant {
    fileprivate var count: Int { deliveries.count + expired.count }
}

/// What one round of a claim asks for.
private struct ClaimRound {
    let request: LeaseRequest
    let limit: Int
    let now: Timestamp
    let origin: String

    func values(now: PQValue, _ shares: [Dispatch.Share] = [], of survey: [SurveyLine] = []) -> [PQValue] {
        let cutoffs = request.promises.compactMap { queue, promise in
            promise.cutoff(at: self.now).map { (queue: queue, cutoff: $0) }
        }
        let head: [PQValue] = [
            now, .int4(Int32(clamping: limit)), .int8(request.duration.clamped(to: Limits.lease).wholeMicroseconds),
            .text(request.worker), request.isLocal ? .text(origin) : .null(.text),
            request.queues.isEmpty ? .null(.textArray) : .textArray(request.queues.map(\.rawValue)),
            request.types.map { .textArray($0.map(\.rawValue)) } ?? .null(.textArray),
            cutoffs.isEmpty ? .null(.textArray) : .textArray(cutoffs.map(\.queue.rawValue)),
            cutoffs.isEmpty ? .null(.int8Array) : .int8Array(cutoffs.map(\.cutoff.microseconds)),
        ]
        return head
            + Self.columns(shares, of: survey, cutoffs: Dictionary(cutoffs.map { ($0.queue, $0.cutoff) }) { $1 })
    }

    private static func columns(
        _ shares: [Dispatch.Share], of survey: [SurveyLine], cutoffs: [QueueName: Timestamp]
    ) -> [PQValue] {
        var numbers: [Int32] = []
        var lines: [Int32] = []
        var (starts, ends, counts): ([Int64], [Int64], [Int32]) = ([], [], [])
        for (index, share) in shares.enumerated() {
            let cutoff = cutoffs[share.lane.queue]?.microseconds
            for line in survey where line.line.lane == share.lane {
                numbers.append(Int32(index + 1))
                lines.append(Int32(clamping: line.number))
                starts.append(share.isLate ? .min : cutoff ?? .min)
                ends.append(share.isLate ? cutoff ?? .max : .max)
                counts.append(Int32(clamping: share.count))
            }
        }
        if lines.isEmpty {
            return [.null(.int4Array), .null(.int4Array), .null(.int8Array), .null(.int8Array), .null(.int4Array)]
        }
        return [
            .int4Array(numbers), .int4Array(lines), .int8Array(starts), .int8Array(ends), .int4Array(counts),
        ]
    }
}
#endif
