public import SojournPromise

/// How a simulated queue is run.
public struct SimulationSettings: Sendable {
    /// The order in which waiting tasks start.
    public enum Order: String, Sendable, Hashable, CaseIterable {
        /// As they came.
        case fifo
        /// Those that can still be in time as they came; every tenth start, and every one that nobody else wants, goes
        /// to those that are late.
        case demote
    }

    /// Slots that vanish at an instant. Busy ones go first; their tasks return to the head of the line.
    public struct Crash: Sendable, Hashable {
        /// When, in seconds.
        public var instant: Double
        /// How many slots.
        public var slots: Int

        /// A crash of so many slots.
        public init(at instant: Double, slots: Int = 1) {
            self.instant = instant
            self.slots = slots
        }
    }

    /// What the queue promises, and what the policy believes about the fleet.
    public var level: ServiceLevel
    /// The order in which waiting tasks start.
    public var order: Order
    /// Slots at the beginning; nil starts with what the first minute needs and 30 %.
    public var initialSlots: Int?
    /// Whether the admission rule is asked for every task that finds no idle slot.
    public var admission: Bool
    /// From the launch of a slot to its first start, in seconds.
    public var startup: Double
    /// Billed after a slot is removed, in seconds.
    public var teardown: Double
    /// Slots that vanish.
    public var crashes: [Crash]
    /// Factor on the service times of attempts that start at an instant; nil leaves them as they are.
    public var drift: (@Sendable (Double) -> Double)?

    /// The settings that a promise stands for: tasks that are late are demoted unless the queue accepts everything
    /// as it comes, and the rule is asked where the queue rejects.
    public init(level: ServiceLevel) {
        self.level = level
        order = level.overflow == .accept ? .fifo : .demote
        initialSlots = nil
        admission = level.overflow == .reject
        startup = level.startup
        teardown = level.teardown
        crashes = []
        drift = nil
    }
}
