import SojournAutoscale
import SojournCore
import SojournModel
import SojournPromise

/// What keeping promises costs: on the way of a task, and per decision.
public struct PromiseBenchmarks: Sendable {
    private let rounds: Int
    private let tasks: Int

    /// So many rounds of so many tasks.
    public init(rounds: Int, tasks: Int) {
        self.rounds = max(1, rounds)
        self.tasks = max(1_000, tasks)
    }

    /// Every figure.
    public func run() -> [BenchResult] {
        [
            measure("task_ns", "ns") { perTask(batch: 100, slots: 1_000) },
            measure("task_in_line_ns", "ns") { perTask(batch: 100, slots: 50) },
            measure("single_task_ns", "ns") { perTask(batch: 1, slots: 1_000) },
            measure("decision_us", "µs") { perDecision(queues: 1) },
            measure("tick_of_1000_queues_ms", "ms") { perDecision(queues: 1_000) },
        ]
    }

    private func measure(_ figure: String, _ unit: String, _ round: () -> Double) -> BenchResult {
        BenchResult(name: "promise.\(figure)", unit: unit, rounds: (0..<rounds).map { _ in round() })
    }

    /// What one call of each kind is about.
    private struct Step {
        var tasks: [NewTask]
        var inserted: [InsertResult]
        var deliveries: [Delivery]
        var results: [AttemptResult]

        init(_ tasks: [NewTask], at now: Timestamp) {
            var random = SystemRandomNumberGenerator()
            self.tasks = tasks
            inserted = tasks.map { .inserted($0.message.id) }
            deliveries = tasks.map { task in
                var message = task.message
                message.attempt = 1
                message.promise = StartPromise(within: .seconds(10), estimate: .zero)
                let token = LeaseToken(random: &random)
                let lease = Lease(task: task.message.id, token: token, expiresAt: now.advanced(by: .seconds(60)))
                return Delivery(message: message, lease: lease)
            }
            results = deliveries.map { delivery in
                AttemptResult(
                    report: AttemptReport(
                        delivery: delivery, outcome: .succeeded(result: nil), startedAt: now, finishedAt: now,
                        worker: "w"),
                    verdict: Verdict(status: .succeeded, disposition: .acknowledge, countsAttempt: true))
            }
        }
    }

    /// Nanoseconds that estimators and admission take of one task's way: admission, arrival, start and end. With fewer
    /// slots than tasks some have to be judged and quoted a wait.
    private func perTask(batch: Int, slots: Int) -> Double {
        let keeper = Self.keeper(queues: 1)
        let time = SystemTime()
        let request = LeaseRequest(limit: 1_000, worker: "w", slots: slots)
        keeper.asks(request, at: time.now())
        keeper.started([], for: request, at: time.now())
        var passed = Duration.zero
        var count = 0
        while count < tasks {
            let now = time.now()
            let steps = (0..<(1_000 / batch)).map { _ in Step(Self.tasks(batch, in: Self.name(0), at: now), at: now) }
            let start = time.now()
            for step in steps {
                guard let admitted = try? keeper.admit(step.tasks, areKnown: false, at: now) else { continue }
                keeper.entered(admitted.tasks, step.inserted)
                keeper.asks(request, at: now)
                keeper.started(step.deliveries, for: request, at: now)
                keeper.ended(step.results, at: now)
            }
            passed += time.now().duration(since: start)
            count += 1_000
        }
        return passed.inSeconds * 1e9 / Double(count)
    }

    /// Microseconds of one decision where one queue has a promise; milliseconds of all where `queues` have.
    private func perDecision(queues: Int) -> Double {
        let time = ManualTime()
        let clock = SystemTime()
        let keeper = Self.keeper(queues: queues, time: time)
        let request = LeaseRequest(limit: 1_000, worker: "w")
        keeper.asks(request, at: time.now())
        keeper.started([], for: request, at: time.now())
        let ticks = queues == 1 ? 1_000 : 20
        var passed = Duration.zero
        for _ in 0..<ticks {
            time.advance(by: .seconds(1))
            keeper.asks(request, at: time.now())
            keeper.started([], for: request, at: time.now())
            for queue in 0..<queues {
                let tasks = Self.tasks(3, in: Self.name(queue), at: time.now())
                if let admitted = try? keeper.admit(tasks, areKnown: false, at: time.now()) {
                    keeper.entered(admitted.tasks, tasks.map { .inserted($0.message.id) })
                }
            }
            let start = clock.now()
            _ = keeper.tick()
            passed += clock.now().duration(since: start)
        }
        return passed.inSeconds / Double(ticks) * (queues == 1 ? 1e6 : 1e3)
    }

    private static func name(_ number: Int) -> QueueName { QueueName(trusted: "queue-\(number)") }

    private static func keeper(queues: Int, time: any TimeSource = SystemTime()) -> PromiseKeeper {
        var levels: [QueueName: ServiceLevel] = [:]
        for number in 0..<queues {
            levels[name(number)] = ServiceLevel(limit: 10, miss: 0.001, startup: 5, overflow: .reject)
        }
        return PromiseKeeper(PromiseConfiguration(levels: levels, scaling: .dryRun), time: time)
    }

    private static func tasks(_ count: Int, in queue: QueueName, at now: Timestamp) -> [NewTask] {
        (0..<count).map { _ in NewTask(message: TaskMessage(type: "noop", queue: queue, payload: [], now: now)) }
    }
}
