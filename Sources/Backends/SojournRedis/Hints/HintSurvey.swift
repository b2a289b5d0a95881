#if Redis
import NIOCore
import RESP
import SojournCore
import SojournModel

/// Who is hinted in one line.
struct HintCount: Sendable {
    let line: Line
    let count: Int
    let late: Int
    /// When the first of those in time became available.
    let oldest: Timestamp?
}

/// Who is hinted in one queue.
struct HintSurvey: Sendable {
    let keys: HintKeys
    let lines: [HintCount]
}

/// What a look at one queue asks for.
struct HintQuestion: Sendable {
    let keys: HintKeys
    /// Before which instant a task is late.
    var cutoff: Timestamp?
    /// Whether the oldest matter.
    var wantsOldest = true

    func call(_ lines: [Line]) -> Command {
        var call = HintScripts.survey.call(keys: [keys.lines] + lines.map { keys.line($0) })
        call.append(cutoff.map { "\($0.microseconds)" } ?? "")
        call.append(wantsOldest ? "1" : "0")
        return call
    }
}

extension RedisHints {
    /// Looks at the queues that `request` may take from, in one piece.
    func survey(for request: LeaseRequest, now: Timestamp) async throws(BackendError) -> [HintSurvey] {
        let head = [Command("SCARD", key: HintKeys.queues), Command("SMEMBERS", key: HintKeys.paused)]
        var questions = questions(for: request, now: now)
        var lines = questions.map { Array(directory[$0.keys.queue]) }
        var values = try await send(head + zip(questions, lines).map { $0.call($1) })
        if request.queues.isEmpty, values[0].integer != directory.queues.count {
            directory.queues = try await names(in: HintKeys.queues)
            questions = self.questions(for: request, now: now)
            lines = questions.map { Array(directory[$0.keys.queue]) }
            values = try await send(head + zip(questions, lines).map { $0.call($1) })
        }
        let paused = Self.names(values[1])
        var surveys: [HintSurvey] = []
        for (index, question) in questions.enumerated() where !paused.contains(question.keys.queue) {
            surveys.append(try await read(values[index + 2], of: question, lines[index]))
        }
        return surveys
    }

    /// Looks at whole queues, whatever any request wants.
    func survey(_ questions: [HintQuestion]) async throws(BackendError) -> [HintSurvey] {
        let lines = questions.map { Array(directory[$0.keys.queue]) }
        let values = try await send(zip(questions, lines).map { $0.call($1) })
        var surveys: [HintSurvey] = []
        for (index, question) in questions.enumerated() {
            surveys.append(try await read(values[index], of: question, lines[index]))
        }
        return surveys
    }

    /// The names in a set.
    func names(in key: String) async throws(BackendError) -> Set<QueueName> {
        Self.names(try await send([HintScripts.members.call(keys: [key])])[0])
    }

    private static func names(_ value: RESPValue) -> Set<QueueName> {
        Set((value.elements ?? []).compactMap { $0.text.map { QueueName(trusted: $0) } })
    }

    private func questions(for request: LeaseRequest, now: Timestamp) -> [HintQuestion] {
        let queues = request.queues.isEmpty ? directory.queues : Set(request.queues)
        return queues.map { queue in
            let promise = request.promises[queue]
            return HintQuestion(
                keys: HintKeys(queue), cutoff: promise?.cutoff(at: now), wantsOldest: promise != nil)
        }
    }

    /// Reads an answer; asks again where the queue has lines that nobody here knew of.
    private func read(
        _ value: RESPValue, of question: HintQuestion, _ known: [Line]
    ) async throws(BackendError) -> HintSurvey {
        let (names, counts) = try Self.parse(value, known)
        if names.isSubset(of: known) {
            if names.count != known.count { directory[question.keys.queue] = names }
            return HintSurvey(keys: question.keys, lines: counts)
        }
        directory[question.keys.queue] = names
        let lines = Array(names)
        let again = try await send([question.call(lines)])[0]
        return HintSurvey(keys: question.keys, lines: try Self.parse(again, lines).counts)
    }

    private static func parse(
        _ value: RESPValue, _ lines: [Line]
    ) throws(BackendError) -> (names: Set<Line>, counts: [HintCount]) {
        guard let parts = value.elements, parts.count == 2, let rows = parts[1].elements, rows.count == lines.count
        else { throw .unreadable("a look at hints") }
        // A name that is none was put there by somebody else, and is passed over.
        let names = Set((parts[0].elements ?? []).compactMap { $0.text.flatMap { Line(text: $0) } })
        let counts = zip(lines, rows).compactMap { line, row -> HintCount? in
            guard let parts = row.elements, parts.count == 3, let count = parts[0].integer, count > 0 else {
                return nil
            }
            return HintCount(
                line: line, count: count, late: parts[1].integer ?? 0, oldest: HintMember.instant(parts[2].bytes))
        }
        return (names, counts)
    }
}
#endif
