package import SojournCore
package import SojournModel

/// What was seen of one run from outside, and what the store says at its end. The checker looks at nothing else.
package struct History: Sendable {
    package var inserts: [Call<[NewTask], [InsertResult]>] = []
    package var claims: [Call<LeaseRequest, [Delivery]>] = []
    package var heartbeats: [Call<[Lease], [LeaseStatus]>] = []
    package var reports: [Call<[AttemptReport], [SettlementStatus]>] = []
    package var cancels: [Call<[TaskID], [CancelResult]>] = []
    package var replays: [Call<TaskFilter, Int>] = []
    package var pauses: [Call<Pause, Bool>] = []
    package var reads: [Call<TaskID, TaskRecord?>] = []
    package var runs: [Run] = []
    /// Every task that anybody tried to insert, as it was in the end; those that are unknown are missing.
    package var final: [TaskID: TaskRecord] = [:]
    /// What the listing of dead letters said in the end.
    package var deadLetters: [TaskID] = []
    /// How often each call of the store and the broker was made, by all processes together.
    package var calls: [String: Int] = [:]
    /// Hints that were left when nothing had waited for long; nil where there are none, or it did not come to that.
    package var hintsLeft: Int?
    /// How long it took, in virtual time.
    package var lasted: Duration = .zero
    /// What the run was about.
    package var terms = Terms()
    /// Why the run was given up; nil where it came to its end.
    package var stuck: String?

    package init() {}
}

/// A wish to stop a queue, or to resume it.
package struct Pause: Sendable, Hashable {
    package var queue: QueueName
    package var isPaused: Bool

    package init(queue: QueueName, isPaused: Bool) {
        self.queue = queue
        self.isPaused = isPaused
    }
}

/// What the rules have to know of a run's circumstances.
package struct Terms: Sendable {
    /// How far the clocks of two processes may be apart.
    package var clockError: Duration = .zero
    /// What holds for tasks that do not say otherwise.
    package var policies = TaskPolicies()
    /// Whether tasks are handed out in the order of the store: not so where hints come in between.
    package var isOrdered = true
    /// Whether nothing went wrong at all.
    package var isCalm = true
    /// How many processes do the duties.
    package var servers = 1
    /// Whether everything was mended in the end, and given the time to finish.
    package var isHealed = true

    package init() {}
}

/// What a rule found.
package struct Finding: Sendable, Hashable, CustomStringConvertible {
    /// The invariant, as `S5`.
    package var invariant: String
    /// One sentence.
    package var text: String

    package init(_ invariant: String, _ text: String) {
        self.invariant = invariant
        self.text = text
    }

    package var description: String { "\(invariant): \(text)" }
}
