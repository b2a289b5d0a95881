/// Admission where tasks have different deadlines (T8): the earliest deadline goes first, running services go on.
///
/// Assumptions: c servers stay alive, no service outlasts `longestService`, declared sizes are upper bounds.
public struct ClassAdmission: Equatable, Sendable {
    /// A waiting task, or one that asks to be admitted.
    public struct Claim: Equatable, Sendable {
        /// The latest start, in seconds from now.
        public let deadline: Double
        /// Its largest possible size, in seconds of one server.
        public let work: Double

        /// - Parameters:
        ///   - deadline: The latest start, in seconds from now.
        ///   - work: Its largest possible size, in seconds of one server.
        public init(deadline: Double, work: Double) {
            self.deadline = deadline
            self.work = work
        }
    }

    /// The number of servers, c.
    public let servers: Int
    /// The longest possible service S_max in seconds.
    public let longestService: Double

    /// - Throws: `QueueingError` for numbers outside their range.
    public init(servers: Int, longestService: Double) throws(QueueingError) {
        try Require.count(servers, "servers")
        try Require.positive(longestService, "longestService")
        self.servers = servers
        self.longestService = longestService
    }

    /// Whether `claim` can join the `waiting` tasks without endangering a promise, its own included.
    ///
    /// For each task i with a deadline not before the new one: V + c·S_max ≤ c·d_i, where V is all work with deadlines
    /// up to d_i, its own included. Proof: as T1 in its work form; what runs now takes at most c·S_max.
    /// Tasks with earlier deadlines go first anyway and are not touched. O(n log n) in the number waiting.
    public func admits(_ claim: Claim, waiting: [Claim]) throws(QueueingError) -> Bool {
        for each in waiting + [claim] {
            try Require.finite(each.deadline, "deadline")
            try Require.notNegative(each.work, "work")
        }
        let count = Double(servers)
        // Among equal deadlines the new task stands last, and its check covers all of them.
        let sorted = waiting.sorted { $0.deadline < $1.deadline }
        var work = claim.work
        let before = sorted.prefix { $0.deadline <= claim.deadline }
        for each in before { work += each.work }
        guard work + count * longestService <= count * claim.deadline else { return false }
        for each in sorted.dropFirst(before.count) {
            work += each.work
            guard work + count * longestService <= count * each.deadline else { return false }
        }
        return true
    }
}
