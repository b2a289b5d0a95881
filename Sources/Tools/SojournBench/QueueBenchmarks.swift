import SojournCore
import SojournModel
import SojournServer
import Synchronization

/// The figures of one backend.
public struct QueueBenchmarks: Sendable {
    /// How long and what to measure.
    public struct Options: Sendable {
        /// Tasks per figure.
        public var tasks: Int
        /// Rounds per figure.
        public var rounds: Int
        /// Only figures whose name ends so; empty = all.
        public var only: [String]
        /// Attempts at once in the worker that drains.
        public var concurrency: Int
        /// The large backlog of `depth_ratio` and of the figures `…_at_million`.
        public var deepBacklog: Int
        /// Makes what `observed_ratio` turns on; nil where that is not measured.
        public var observation: (@Sendable () -> Observation)?

        /// Options; three rounds of 100,000 tasks unless said otherwise.
        public init(
            tasks: Int = 100_000, rounds: Int = 3, only: [String] = [], concurrency: Int = 1_000,
            deepBacklog: Int = 1_000_000, observation: (@Sendable () -> Observation)? = nil
        ) {
            self.tasks = max(1, tasks)
            self.rounds = max(1, rounds)
            self.only = only
            self.concurrency = concurrency
            self.deepBacklog = max(1, deepBacklog)
            self.observation = observation
        }
    }

    let subject: BenchSubject
    let options: Options
    let progress: @Sendable (String) -> Void

    /// Measures `subject`; `progress` is told what comes next.
    public init(_ subject: BenchSubject, options: Options, progress: @escaping @Sendable (String) -> Void) {
        self.subject = subject
        self.options = options
        self.progress = progress
    }

    /// Every figure that was asked for.
    public func run() async throws -> [BenchResult] {
        var results: [BenchResult] = []
        results += try await measure("enqueue_batch", "tasks/s") {
            try await enqueueSpeed(batch: subject.load.batch, producers: 8)
        }
        results += try await measure("enqueue_single", "tasks/s") {
            try await enqueueSpeed(batch: 1, producers: subject.load.producers)
        }
        if let enqueueHTTP = subject.enqueueHTTP {
            results += try await measure("enqueue_http", "tasks/s") {
                try await withQueue { try await enqueueHTTP($0, min(options.tasks, 40_000)) }
            }
        }
        results += try await measure("drain", "tasks/s") { try await drainSpeed(backlog: options.tasks) }
        results += try await observed()
        results += try await measure("raw_limit", "tasks/s") { try await subject.rawLimit(options.tasks) }
        results += try await latency()
        results += try await measure("bytes_per_task", "B", rounds: 1) { try await bytesPerTask() }
        results += try await measure("idle_cpu_percent", "%", rounds: 1) { try await idle() }
        results += try await deep()
        return results
    }

    /// Tasks that a worker took, ran and settled.
    struct Drain {
        var count: Int
        /// From the worker's start to the last settlement.
        var seconds = 0.0
        /// What this process used meanwhile.
        var processorSeconds = 0.0

        /// Tasks per second.
        var speed: Double { Double(count) / seconds }
    }

    func isWanted(_ figure: String) -> Bool { options.only.isEmpty || options.only.contains(figure) }

    private func measure(
        _ figure: String, _ unit: String, rounds: Int? = nil, _ round: () async throws -> Double
    ) async throws -> [BenchResult] {
        guard isWanted(figure) else { return [] }
        var values: [Double] = []
        for number in 1...(rounds ?? options.rounds) {
            progress("\(subject.name).\(figure), round \(number)")
            values.append(try await round())
        }
        return [BenchResult(name: "\(subject.name).\(figure)", unit: unit, rounds: values)]
    }

    /// A new queue; where it is served, with the duties of a server.
    func withQueue<Value>(
        isServed: Bool = false, _ body: (LocalTaskQueue) async throws -> Value
    ) async throws -> Value {
        let opened = try await subject.open()
        let result: Result<Value, any Error>
        do {
            result = .success(
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        try? await isServed ? Server(queue: opened.queue).run() : opened.queue.backend.run()
                    }
                    let value = try await body(opened.queue)
                    group.cancelAll()
                    return value
                })
        } catch {
            result = .failure(error)
        }
        await opened.close()
        return try result.get()
    }

    private func enqueueSpeed(batch: Int, producers: Int) async throws -> Double {
        let count = batch == 1 ? min(options.tasks, 50_000) : options.tasks
        return try await withQueue { queue in
            try await Workload.enqueue(min(count, 5_000), into: queue, batch: batch, producers: producers)
            let start = queue.time.now()
            try await Workload.enqueue(count, into: queue, batch: batch, producers: producers)
            return Double(count) / queue.time.now().duration(since: start).inSeconds
        }
    }

    private func drainSpeed(backlog: Int) async throws -> Double {
        try await withQueue { queue in try await warmDrain(backlog, of: queue).speed }
    }

    /// The next `count` tasks of `queue`, after a short drain that warms up: connections open, plans are made.
    func warmDrain(_ count: Int, of queue: LocalTaskQueue) async throws -> Drain {
        // Wholly drained first: a worker that stops has often begun more than it was asked for.
        try await Workload.enqueue(min(count, 5_000), into: queue, batch: 500, producers: 8)
        _ = try await drain(min(count, 5_000), of: queue)
        try await Workload.enqueue(count, into: queue, batch: 500, producers: 8)
        try await subject.settle()
        return try await drain(count, of: queue)
    }

    /// The next `count` tasks of `queue`.
    func drain(_ count: Int, of queue: LocalTaskQueue) async throws -> Drain {
        let source = CountingSource(queue, until: count)
        let start = queue.time.now()
        let before = ProcessUsage.processorSeconds
        var drain = Drain(count: count)
        try await Workload.withWorker(for: source, concurrency: options.concurrency) {
            await source.finished()
            drain.seconds = queue.time.now().duration(since: start).inSeconds
            drain.processorSeconds = ProcessUsage.processorSeconds - before
        }
        return drain
    }

    /// Wait from enqueue to start at 1,000 tasks per second, arriving evenly.
    private func latency() async throws -> [BenchResult] {
        let percentiles = [("wait_p50_ms", 0.5), ("wait_p99_ms", 0.99)].filter { isWanted($0.0) }
        guard !percentiles.isEmpty else { return [] }
        var rounds: [[Double]] = []
        for number in 1...options.rounds {
            progress("\(subject.name).wait at 1,000/s, round \(number)")
            rounds.append(try await waits())
        }
        return percentiles.map { name, share in
            let values = rounds.map { $0[min($0.count - 1, Int(Double($0.count) * share))] }
            return BenchResult(name: "\(subject.name).\(name)", unit: "ms", rounds: values)
        }
    }

    /// Ten seconds of waits, in milliseconds and in order; the second before them warms up.
    private func waits() async throws -> [Double] {
        try await withQueue { queue in
            let waits = Mutex<[Double]>([])
            let (warmUp, count) = (1_000, 11_000)
            let source = CountingSource(queue, until: count)
            try await Workload.withWorker(for: source, concurrency: 64) { context in
                let wait = queue.time.now().duration(since: context.enqueuedAt).inSeconds
                waits.withLock { $0.append(wait * 1_000) }
            } _: {
                try await Self.arrive(count, every: .milliseconds(1), at: queue)
                await source.finished()
            }
            return waits.withLock { $0.dropFirst(warmUp).sorted() }
        }
    }

    /// Open loop: an arrival is due at its time, whether or not earlier ones have been answered.
    private static func arrive(_ count: Int, every step: Duration, at queue: LocalTaskQueue) async throws {
        let start = queue.time.now()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<count {
                try await queue.time.sleep(until: start.advanced(by: step * index))
                group.addTask { _ = try await queue.enqueue(Workload.tasks(1, bytes: 100, now: queue.time.now())) }
            }
            try await group.waitForAll()
        }
    }

    private func bytesPerTask() async throws -> Double {
        try await withQueue { queue in
            let before = try await subject.storedBytes()
            try await Workload.enqueue(options.tasks, into: queue, batch: 500, producers: 8)
            return Double(try await subject.storedBytes() - before) / Double(options.tasks)
        }
    }

    /// Processor share of an idle queue with a waiting worker.
    private func idle() async throws -> Double {
        try await withQueue { queue in
            var share = 0.0
            try await Workload.withWorker(for: queue, concurrency: 12) {
                try await queue.time.sleep(for: .seconds(1))
                let before = ProcessUsage.processorSeconds
                try await queue.time.sleep(for: .seconds(5))
                share = (ProcessUsage.processorSeconds - before) / 5 * 100
            }
            return share
        }
    }
}
