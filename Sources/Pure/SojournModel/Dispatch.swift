/// Decides whose tasks start next: the promised ones by their deadlines, and every tenth start for all the others.
///
/// A queue with a promise is served before those without one. Its (queue, priority) classes go by the earliest deadline
/// of those who wait, a more urgent priority standing nearer to its deadline by its weight: `availableAt + limit ÷
/// weight`. So a critical task goes ahead of a low one, and for a while only: nobody starves. Inside a class the
/// tenants take turns. A strict queue knows neither: its tasks start in order of arrival.
///
/// The others are the queues without a promise, and the late tasks of those that demote them; they share as
/// ``FairShare`` says. They get every tenth start, and all that the promised tasks leave.
public struct Dispatch: Sendable {
    /// Who waits in one lane.
    public struct Waiting: Sendable {
        /// The lane.
        public var lane: Lane
        /// Tasks that are in time; in a queue that has no promise or demotes nobody, all of them.
        public var inTime: Int
        /// Tasks that are late, where that demotes them.
        public var late: Int
        /// When the first of those in time became available. Looked at only where several classes have a promise.
        public var oldest: Timestamp

        /// A lane from its parts.
        public init(lane: Lane, inTime: Int, late: Int = 0, oldest: Timestamp = .distantPast) {
            self.lane = lane
            self.inTime = inTime
            self.late = late
            self.oldest = oldest
        }
    }

    /// Starts for one lane, its first tasks first.
    public struct Share: Sendable, Hashable {
        /// The lane.
        public var lane: Lane
        /// Whether the late tasks are meant, or those in time.
        public var isLate: Bool
        /// How many.
        public var count: Int

        /// A share from its parts.
        public init(lane: Lane, isLate: Bool, count: Int) {
            self.lane = lane
            self.isLate = isLate
            self.count = count
        }
    }

    private struct Class: Hashable {
        var queue: QueueName
        var priority: Priority
        /// Set in a strict queue only, where every lane stands for itself.
        var tenant: Tenant?

        init(_ lane: Lane, isStrict: Bool) {
            queue = lane.queue
            priority = lane.priority
            tenant = isStrict ? lane.tenant : nil
        }
    }
    private typealias Entries = [(lane: Lane, waiting: Int)]

    /// Promised starts between two that are kept for the others.
    private static let promisedInARow = 9
    /// Promised starts since the others had one; lives on from claim to claim.
    private var inARow = 0
    /// The turns of the tenants in promised classes.
    private var turns = FairShare()
    private var others = FairShare()

    /// No history.
    public init() {}

    /// The next starts, at most `limit` of them; none only where nobody waits or `limit` is not positive.
    ///
    /// Where several classes with a promise compete, these are only the first few starts: hand them out, look again
    /// who waits, and ask for the rest. Each answer is about a share of the rest that shrinks with the number of
    /// classes, so the order is that of the deadlines up to that share, and exact for the last starts.
    public mutating func next(
        _ limit: Int, among waiting: [Waiting], promises: [QueueName: LeasePromise]
    ) -> [Share] {
        guard limit > 0 else { return [] }
        if promises.isEmpty {
            return others.divide(limit, among: waiting.map { ($0.lane, $0.inTime) })
                .map { Share(lane: $0.lane, isLate: false, count: $0.count) }
        }
        var promised: [Class: [Waiting]] = [:]
        var isStrict = false
        var rest: (inTime: Entries, late: Entries) = ([], [])
        for entry in waiting {
            guard let promise = promises[entry.lane.queue] else {
                if entry.inTime > 0 { rest.inTime.append((entry.lane, entry.inTime)) }
                continue
            }
            if entry.late > 0 { rest.late.append((entry.lane, entry.late)) }
            guard entry.inTime > 0 else { continue }
            isStrict = isStrict || promise.isStrict
            promised[Class(entry.lane, isStrict: promise.isStrict), default: []].append(entry)
        }
        let first = Self.mostUrgent(of: promised, promises)
        let starts = split(
            limit, promised: first.reduce(0) { $0 &+ $1.inTime }, classes: promised.count, isStrict: isStrict,
            others: (rest.inTime + rest.late).reduce(0) { $0 &+ $1.waiting })
        // Late or without a promise belongs to the queue, so a lane stands among the others only once.
        let late = Set(rest.late.map(\.lane))
        let kept = others.divide(starts.others, among: rest.inTime + rest.late)
        return turns.divide(starts.promised, among: first.map { ($0.lane, $0.inTime) })
            .map { Share(lane: $0.lane, isLate: false, count: $0.count) }
            + kept.map { Share(lane: $0.lane, isLate: late.contains($0.lane), count: $0.count) }
    }

    /// The lanes of the class whose deadline is the earliest.
    private static func mostUrgent(
        of classes: [Class: [Waiting]], _ promises: [QueueName: LeasePromise]
    ) -> [Waiting] {
        if classes.count == 1 { return classes.values.first ?? [] }
        let urgencies = classes.map { key, lanes in
            let slack = (promises[key.queue]?.limit ?? .zero) / (key.tenant == nil ? key.priority.weight : 1)
            let oldest = lanes.lazy.map(\.oldest).min() ?? .distantFuture
            return (key: key, deadline: oldest.advanced(by: slack))
        }
        let first = urgencies.min {
            ($0.deadline, $0.key.priority, $0.key.queue, $0.key.tenant ?? .default)
                < ($1.deadline, $1.key.priority, $1.key.queue, $1.key.tenant ?? .default)
        }
        return first.flatMap { classes[$0.key] } ?? []
    }

    /// How many of the next starts go to `promised` tasks of the most urgent class, and how many to the others.
    private mutating func split(
        _ limit: Int, promised: Int, classes: Int, isStrict: Bool, others: Int
    ) -> (promised: Int, others: Int) {
        let most = classes <= 1 ? promised : isStrict ? 1 : max(1, limit / (2 * classes))
        let chunk = min(promised, most)
        var starts = (promised: 0, others: 0)
        while starts.promised &+ starts.others < limit {
            let isTheirTurn = inARow >= Self.promisedInARow
            // With several classes more promised tasks wait than these, so the others get no more than their turn.
            let isTheirsAnyway = classes <= 1 && starts.promised == chunk
            if isTheirTurn || isTheirsAnyway, starts.others < others {
                starts.others += 1
                inARow = 0
            } else if starts.promised < chunk {
                starts.promised += 1
                inARow = min(inARow + 1, Self.promisedInARow)
            } else {
                break
            }
        }
        return starts
    }
}
