#if Redis
import RESP
public import SojournCore
import SojournModel

extension RedisQueue {
    /// How many tasks are where, by queue and priority, in order.
    public func depths() async throws(BackendError) -> [QueueDepth] {
        let entries = try await allQueues()
        let counts = try await server.send(entries.map { Command("HGETALL", key: $0.keys.counts) })
        let surveys = try await survey(entries.map { SurveyRequest(entry: $0, wantsOldest: true) })
        var depths: [QueueDepth] = []
        for (survey, counts) in zip(surveys, counts) {
            depths += try Self.depths(survey, counts.elements ?? [])
        }
        return depths.sorted { ($0.queue, $0.priority) < ($1.queue, $1.priority) }
    }

    private static func depths(_ survey: QueueSurvey, _ fields: [RESPValue]) throws(BackendError) -> [QueueDepth] {
        var depths: [Priority: QueueDepth] = [:]
        for index in stride(from: 0, to: fields.count - 1, by: 2) {
            guard let field = fields[index].text.flatMap({ Int($0) }), let count = fields[index + 1].integer,
                let status = TaskStatus(code: field / 10),
                let priority = Priority(rawValue: field % 10)
            else { throw .unreadable("the counts of \(survey.entry.keys.queue)") }
            let empty = QueueDepth(queue: survey.entry.keys.queue, priority: priority, counts: [:])
            depths[priority, default: empty].counts[status] = count
        }
        for line in survey.lines {
            guard let oldest = line.oldest else { continue }
            let known = depths[line.line.priority]?.oldestAvailableAt
            depths[line.line.priority]?.oldestAvailableAt = known.map { min($0, oldest) } ?? oldest
        }
        return Array(depths.values)
    }
}
#endif
