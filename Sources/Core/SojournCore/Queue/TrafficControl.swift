public import SojournModel

/// Tasks that were taken.
public struct Admission: Sendable {
    /// The tasks, with what they were promised.
    public var tasks: [NewTask]
    /// How many tasks may wait in a queue once these are in; a queue that is missing takes any number. See
    /// ``TaskStore/insert(_:room:)``.
    public var room: [QueueName: Int]

    /// An admission from its parts.
    public init(_ tasks: [NewTask], room: [QueueName: Int] = [:]) {
        self.tasks = tasks
        self.room = room
    }
}

/// Stands beside the way of every task: says which are taken, and is told what becomes of them.
///
/// The calls come from many threads, in about the order in which things happen, and must not block.
public protocol TrafficControl: Sendable {
    /// What the queues promise, for whoever hands out tasks.
    var promises: [QueueName: LeasePromise] { get }
    /// Takes tasks, all or none; those taken carry their promise. Every call that returns is followed by one of
    /// ``entered(_:_:)``. The room is that of this moment: others may use the same store.
    ///
    /// - Parameter areKnown: whether all of them were taken long ago, and somebody only asks again: then there is room.
    /// - Throws: ``BackendError/Code/throttled`` with the time after which there will be room.
    func admit(_ tasks: [NewTask], areKnown: Bool, at now: Timestamp) throws(BackendError) -> Admission
    /// What to tell whoever was admitted while others filled the queue.
    func overtaken(_ tasks: [NewTask], at now: Timestamp) -> BackendError
    /// Tasks for which there was no room were turned away.
    func refused(_ tasks: [NewTask])
    /// What the store made of tasks that were taken; nil where it failed.
    func entered(_ tasks: [NewTask], _ results: [InsertResult]?)
    /// Tasks wait for a worker from now on that did not before: they were scheduled, retrying, dead or handed back.
    func waits(_ arrivals: [Arrival])
    /// Tasks do not wait any more, and no attempt was made.
    func left(_ arrivals: [Arrival], at now: Timestamp)
    /// Tasks that waited were found past their deadline: they are dead, and will never start.
    func expired(_ messages: [TaskMessage], at now: Timestamp)
    /// A worker asks for tasks. Every call is followed by one of ``started(_:for:at:)``, maybe without deliveries.
    func asks(_ request: LeaseRequest, at now: Timestamp)
    /// What the worker was handed.
    func started(_ deliveries: [Delivery], for request: LeaseRequest, at now: Timestamp)
    /// A worker asks no more, though it may still run what it holds.
    func left(_ worker: String)
    /// The workers that hold these leases are alive.
    func renewed(_ leases: [Lease], at now: Timestamp)
    /// A queue hands out no tasks, or does so again.
    func paused(_ queue: QueueName, _ isPaused: Bool)
    /// Attempts ended, and were written down.
    func ended(_ results: [AttemptResult], at now: Timestamp)
}
