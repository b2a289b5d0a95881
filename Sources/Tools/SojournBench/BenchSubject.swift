public import SojournCore

/// Everything that can watch a queue, as a server has it.
public struct Observation: Sendable {
    /// Something that those who watch ask for.
    public struct Look: Sendable {
        /// The first part of its figure's name.
        public var name: String
        /// Asks for it.
        public var run: @Sendable (LocalTaskQueue) async throws -> Void

        /// A look from its parts.
        public init(_ name: String, run: @escaping @Sendable (LocalTaskQueue) async throws -> Void) {
            self.name = name
            self.run = run
        }
    }

    /// Who is told what happens.
    public var observers: [any TaskObserver]
    /// Looks at the queue again and again until cancelled: the sampler, those who scrape, those who watch.
    public var run: @Sendable (LocalTaskQueue) async -> Void
    /// What somebody who looks at the queue asks for.
    public var looks: [Look]

    /// An observation from its parts.
    public init(
        observers: [any TaskObserver], looks: [Look] = [],
        run: @escaping @Sendable (LocalTaskQueue) async -> Void
    ) {
        self.observers = observers
        self.looks = looks
        self.run = run
    }
}

/// A queue to be measured, opened anew for each figure.
public struct BenchSubject: Sendable {
    /// An open queue and the way to close it.
    public struct Opened: Sendable {
        /// The queue.
        public var queue: LocalTaskQueue
        /// Frees it.
        public var close: @Sendable () async -> Void

        /// An open queue.
        public init(queue: LocalTaskQueue, close: @escaping @Sendable () async -> Void) {
            self.queue = queue
            self.close = close
        }
    }

    /// How tasks are enqueued to be measured.
    public struct Load: Sendable {
        /// Tasks in one batch.
        public var batch: Int
        /// Callers at once who enqueue single tasks.
        public var producers: Int

        /// A load from its parts.
        public init(batch: Int, producers: Int) {
            self.batch = batch
            self.producers = producers
        }
    }

    /// The first part of the figures' names.
    public var name: String
    /// How tasks are enqueued.
    public var load: Load
    /// Opens an empty queue.
    public var open: @Sendable () async throws -> Opened
    /// Waits until the backend has ended what filling it has set off, so that the figure after it is not that work's.
    public var settle: @Sendable () async throws -> Void
    /// Bytes on disk or in the backend's memory now.
    public var storedBytes: @Sendable () async throws -> Int
    /// The backend's own speed at the work of a drain, without this project: tasks per second for so many tasks.
    public var rawLimit: @Sendable (Int) async throws -> Double
    /// Speed of single requests over HTTP against an opened queue, for so many tasks; nil where there is no HTTP.
    public var enqueueHTTP: (@Sendable (LocalTaskQueue, Int) async throws -> Double)?

    /// A subject from its parts.
    public init(
        name: String, load: Load, open: @escaping @Sendable () async throws -> Opened,
        settle: @escaping @Sendable () async throws -> Void = {},
        storedBytes: @escaping @Sendable () async throws -> Int,
        rawLimit: @escaping @Sendable (Int) async throws -> Double,
        enqueueHTTP: (@Sendable (LocalTaskQueue, Int) async throws -> Double)? = nil
    ) {
        self.name = name
        self.load = load
        self.open = open
        self.settle = settle
        self.storedBytes = storedBytes
        self.rawLimit = rawLimit
        self.enqueueHTTP = enqueueHTTP
    }
}
