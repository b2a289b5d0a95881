/// What was counted of one queue up to an instant: all that a scaling policy may look at.
///
/// Counts and integrals only grow, so that the difference of two samples is what happened between them.
public struct QueueSample: Sendable, Hashable {
    /// The instant, in seconds from an origin that never changes.
    public var now: Double
    /// Tasks that came, refused ones included.
    public var arrived: Int
    /// Of these, those that came back after an attempt.
    public var retried: Int
    /// Tasks that were refused.
    public var refused: Int
    /// Attempts that started.
    public var started: Int
    /// Attempts that ended.
    public var completed: Int
    /// Tasks that wait, late ones included.
    public var waiting: Int
    /// Tasks that wait behind the others because their time is over.
    public var late: Int
    /// How long the first of those that are not late has waited; 0 where none waits.
    public var oldestWait: Double
    /// ∫ waiting du, in task-seconds.
    public var waitingSeconds: Double
    /// ∫ busy du, in slot-seconds.
    public var busySeconds: Double
    /// Σ s of the attempts that ended, in seconds.
    public var serviceSum: Double
    /// Σ s² of the attempts that ended, in seconds².
    public var serviceSquareSum: Double
    /// Width of one element of ``waitingByAge``, in seconds.
    public var ageStep: Double
    /// Tasks that wait and are not late, by how long they have been waiting: element `i` counts those of ages from
    /// `i * ageStep` up to `(i + 1) * ageStep`.
    public var waitingByAge: [Int]
    /// Slots that claim tasks, busy ones included.
    public var ready: Int
    /// Slots that run an attempt.
    public var busy: Int
    /// When the slots that were launched and do not claim yet will, in ascending order.
    public var pending: [Double]

    /// A sample in which nothing has happened.
    public init(now: Double = 0) {
        self.now = now
        arrived = 0
        retried = 0
        refused = 0
        started = 0
        completed = 0
        waiting = 0
        late = 0
        oldestWait = 0
        waitingSeconds = 0
        busySeconds = 0
        serviceSum = 0
        serviceSquareSum = 0
        ageStep = 1
        waitingByAge = []
        ready = 0
        busy = 0
        pending = []
    }

    /// Slots there are or will be.
    public var current: Int { ready + pending.count }
}
