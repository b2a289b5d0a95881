#if Redis
import NIOCore
import RESP
import SojournCore
import SojournModel

/// Who waits in one line.
struct LineDepth: Sendable {
    let line: Line
    /// The number of the line.
    let number: UInt32
    let count: Int
    let late: Int
    /// When the first of those in time became available.
    let oldest: Timestamp?
}

/// Who waits in one queue.
struct QueueSurvey: Sendable {
    let entry: Directory.Entry
    let lines: [LineDepth]
}

/// What a look at one queue asks for.
struct SurveyRequest: Sendable {
    let entry: Directory.Entry
    /// Before which instant a task is late.
    var cutoff: Timestamp?
    /// Whether the oldest matter.
    var wantsOldest = false

    fileprivate func call(_ lines: [UInt32]) -> Command {
        let keys = entry.keys
        var call = Scripts.survey.call(keys: [keys.open, keys.states, keys.gone] + lines.flatMap { keys.line($0) })
        call.append(cutoff.map { "\($0.microseconds)" } ?? "")
        call.append(wantsOldest ? "1" : "0")
        return call
    }
}

extension RedisQueue {
    /// Looks at the queues that `request` may take from, all in one piece; at none that is paused.
    func survey(for request: LeaseRequest, now: Timestamp) async throws(BackendError) -> [QueueSurvey] {
        let head = [
            Command("HGET", key: SharedKeys.queues, SharedKeys.version),
            Command("SMEMBERS", key: SharedKeys.paused),
        ]
        var looks = surveyRequests(for: request, now: now)
        var values = try await server.send(head + looks.map { $0.call(Array($0.entry.open)) })
        if values[0].isNull || values[0].text != directory.version {
            try await reloadQueues()
            looks = surveyRequests(for: request, now: now)
            values = try await server.send(head + looks.map { $0.call(Array($0.entry.open)) })
        }
        let paused = Set((values[1].elements ?? []).compactMap { $0.text.map { QueueName(trusted: $0) } })
        var surveys: [QueueSurvey] = []
        for (look, value) in zip(looks, values.dropFirst(2)) where !paused.contains(look.entry.keys.queue) {
            surveys.append(try await read(value, of: look))
        }
        return surveys
    }

    /// Looks at whole queues, whatever any request wants.
    func survey(_ looks: [SurveyRequest]) async throws(BackendError) -> [QueueSurvey] {
        let values = try await server.send(looks.map { $0.call(Array($0.entry.open)) })
        var queues: [QueueSurvey] = []
        for (look, value) in zip(looks, values) { queues.append(try await read(value, of: look)) }
        return queues
    }

    private func surveyRequests(for request: LeaseRequest, now: Timestamp) -> [SurveyRequest] {
        let entries =
            request.queues.isEmpty ? directory.all : Set(request.queues).compactMap { directory[$0] }
        return entries.map { entry in
            let promise = request.promises[entry.keys.queue]
            return SurveyRequest(entry: entry, cutoff: promise?.cutoff(at: now), wantsOldest: promise != nil)
        }
    }

    /// Reads an answer; asks again where the queue has lines that nobody here knew of.
    private func read(_ value: RESPValue, of look: SurveyRequest) async throws(BackendError) -> QueueSurvey {
        let asked = look.entry.open
        let (open, rows) = try Self.parts(of: value, lines: asked.count)
        if open != asked { directory.setOpen(open, of: look.entry.keys.queue) }
        let entry = try await entry(look.entry, knowing: open)
        guard open.isSubset(of: asked) else {
            let (_, rows) = try Self.parts(of: try await server.send(look.call(Array(open))), lines: open.count)
            return QueueSurvey(entry: entry, lines: Self.depths(Array(open), rows, entry))
        }
        return QueueSurvey(entry: entry, lines: Self.depths(Array(asked), rows, entry))
    }

    private static func parts(
        of value: RESPValue, lines: Int
    ) throws(BackendError) -> (open: Set<UInt32>, rows: [RESPValue]) {
        guard let parts = value.elements, parts.count == 2, let rows = parts[1].elements, rows.count == lines else {
            throw .unreadable("a survey")
        }
        let open = (parts[0].elements ?? []).compactMap { $0.integer.flatMap { UInt32(exactly: $0) } }
        return (Set(open), rows)
    }

    private static func depths(_ lines: [UInt32], _ rows: [RESPValue], _ entry: Directory.Entry) -> [LineDepth] {
        zip(lines, rows).compactMap { number, row in
            guard let parts = row.elements, parts.count == 3, let count = parts[0].integer, count > 0,
                let line = entry.lines[number]
            else { return nil }
            let oldest = parts[2].integer.map { Timestamp(microseconds: Int64($0)) }
            return LineDepth(line: line, number: number, count: count, late: parts[1].integer ?? 0, oldest: oldest)
        }
    }
}
#endif
