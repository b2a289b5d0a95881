import CoreMetrics
import SojournCore
import SojournMemory
import SojournMetrics
import SojournModel
import SojournPrometheus
import SojournTestKit
import SojournWire
import Synchronization
import Testing

/// A queue in memory whose tasks are counted.
struct Metered {
    let registry = PrometheusRegistry()
    let time = ManualTime()
    let queue: LocalTaskQueue
    let sampler: MetricsSampler
    let insight = Shared<QueueInsight?>(nil)

    init(promises: [QueueName: QueuePromise] = [:]) {
        let memory = MemoryQueue(time: time)
        queue = LocalTaskQueue(store: memory, backend: memory, time: time)
            .observed(by: [TaskMetrics(registry)])
        let insight = self.insight
        sampler = MetricsSampler(TaskDesk(queue: queue, promises: promises, insight: { _ in insight.value }), registry)
    }

    func enqueue(_ type: TaskType = "t", on queue: QueueName = "q", key: String? = nil) async throws {
        var random = SystemRandomNumberGenerator()
        let now = time.now()
        let message = TaskMessage(
            id: TaskID(at: now, random: &random), type: type, queue: queue, payload: [], enqueuedAt: now,
            availableAt: now)
        _ = try await self.queue.enqueue([NewTask(message: message, idempotencyKey: key)])
    }

    func claim(_ limit: Int = 10) async throws -> [Delivery] {
        try await queue.claim(LeaseRequest(limit: limit, duration: .seconds(10), worker: "w"))
    }

    @discardableResult
    func report(_ deliveries: [Delivery], _ outcome: Outcome, after run: Duration = .zero) async throws
        -> [SettlementStatus]
    {
        let start = time.now()
        time.advance(by: run)
        return try await queue.complete(
            deliveries.map {
                AttemptReport(
                    delivery: $0, outcome: outcome, startedAt: start, finishedAt: time.now(), worker: "w")
            })
    }

    var lines: Set<String> {
        Set(String(decoding: registry.scrape().text, as: UTF8.self).split(separator: "\n").map(String.init))
    }
}

final class Shared<Value: Sendable>: Sendable {
    private let state: Mutex<Value>
    init(_ value: Value) { state = Mutex(value) }
    var value: Value {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}

@Suite("Metrics of tasks") struct TaskMetricsTests {
    @Test func theWayOfATaskIsCounted() async throws {
        let metered = Metered()
        try await metered.enqueue(key: "k")
        try await metered.enqueue(key: "k")
        try await metered.enqueue("u", on: "r")
        metered.time.advance(by: .milliseconds(300))
        let deliveries = try await metered.claim()
        try await metered.report(deliveries, .succeeded(), after: .milliseconds(20))
        for line in [
            #"tasks_enqueued_total{priority="default",queue="q"} 1"#,
            #"tasks_enqueued_total{priority="default",queue="r"} 1"#, #"tasks_dequeued_total{priority="default"} 2"#,
            #"enqueue_to_start_seconds_sum{priority="default",queue="q"} 0.3"#,
            #"tasks_succeeded_total{priority="default",type="u"} 1"#,
            #"sla_jobs_processed_total{queue="q",status="succeeded"} 1"#, #"task_run_seconds_sum{type="t"} 0.02"#,
            #"sla_job_duration_seconds_count{queue="r"} 1"#, "acks_total 2", "tasks_lease_lost_total 0",
        ] { #expect(metered.lines.contains(line), "\(line)") }
    }

    @Test func failuresAreCountedByWhatFollows() async throws {
        let metered = Metered()
        for _ in 0..<3 { try await metered.enqueue() }
        let deliveries = try await metered.claim()
        try await metered.report([deliveries[0]], .failed(Failure("e")))
        try await metered.report([deliveries[1]], .discarded(reason: "e"))
        try await metered.report([deliveries[2]], .interrupted)
        for line in [
            #"tasks_failed_total{priority="default",type="t"} 2"#, "tasks_retried_total 1",
            #"tasks_dead_total{queue="q"} 1"#, #"sla_jobs_processed_total{queue="q",status="retried"} 1"#,
            #"sla_jobs_processed_total{queue="q",status="dead"} 1"#,
            #"sla_jobs_processed_total{queue="q",status="returned"} 1"#, "acks_total 3",
        ] { #expect(metered.lines.contains(line), "\(line)") }
    }

    /// No attempt is made of them, and no report written.
    @Test func aBatchIsCountedByItsOwnKeys() async throws {
        let metered = Metered()
        // Neighbours with the same key are counted together; others in between must not take their share.
        for queue in ["a", "a", "b", "a", "b", "b"] as [QueueName] { try await metered.enqueue(on: queue) }
        let deliveries = try await metered.claim()
        let byQueue = deliveries.sorted { $0.message.id < $1.message.id }
        try await metered.report(byQueue, .succeeded(), after: .milliseconds(20))
        for queue in ["a", "b"] {
            #expect(metered.lines.contains(#"tasks_enqueued_total{queue="\#(queue)",priority="default"} 3"#))
            #expect(metered.lines.contains(#"sla_jobs_processed_total{queue="\#(queue)",status="succeeded"} 3"#))
            #expect(metered.lines.contains(#"sla_job_duration_seconds_count{queue="\#(queue)"} 3"#))
        }
        #expect(metered.lines.contains(#"tasks_dequeued_total{priority="default"} 6"#))
        #expect(metered.lines.contains(#"tasks_succeeded_total{type="t",priority="default"} 6"#))
        #expect(metered.lines.contains("acks_total 6"))
    }

    @Test func tasksThatDieAtTheirDeadlineAreCounted() async throws {
        let metered = Metered()
        var random = SystemRandomNumberGenerator()
        let now = metered.time.now()
        let message = TaskMessage(
            id: TaskID(at: now, random: &random), type: "t", queue: "q", payload: [],
            deadline: now.advanced(by: .seconds(1)), enqueuedAt: now, availableAt: now)
        _ = try await metered.queue.enqueue([NewTask(message: message)])
        metered.time.advance(by: .seconds(2))
        let deliveries = try await metered.claim()
        #expect(deliveries.isEmpty)
        #expect(metered.lines.contains(#"tasks_dead_total{queue="q"} 1"#))
    }

    @Test func lostAndReapedLeasesAreCounted() async throws {
        let metered = Metered()
        try await metered.enqueue()
        let deliveries = try await metered.claim()
        metered.time.advance(by: .seconds(14))
        try await metered.sampler.sample()
        #expect(metered.lines.contains("oldest_expired_lease_seconds 4.0"))
        try await metered.report(deliveries, .leaseExpired)
        let late = try await metered.report(deliveries, .succeeded())
        #expect(late == [.leaseLost])
        for line in ["tasks_reaped_total 1", "tasks_lease_lost_total 1", "acks_total 1"] {
            #expect(metered.lines.contains(line), "\(line)")
        }
        #expect(!metered.lines.contains { $0.hasPrefix("task_run_seconds") }, "nobody knows how long it ran")
        try await metered.sampler.sample()
        #expect(metered.lines.contains("oldest_expired_lease_seconds 0.0"))
    }

    @Test func everythingThatIsShownIsInTheCatalog() async throws {
        let metered = Metered(promises: ["q": QueuePromise(limit: .seconds(2), arrivalRate: 5)])
        try await metered.enqueue()
        try await metered.report(try await metered.claim(), .succeeded())
        try await metered.enqueue()
        try await metered.report(try await metered.claim(), .failed(Failure("e")))
        metered.insight.value = .full
        try await metered.sampler.sample()
        let known = Dictionary(uniqueKeysWithValues: MetricCatalog.all.map { ($0.name, $0.kind.rawValue) })
        let shown = metered.lines.filter { $0.hasPrefix("# TYPE ") }.map { $0.split(separator: " ") }
        #expect(shown.count > 30)
        for words in shown { #expect(known[String(words[2])] == String(words[3]), "\(words)") }
    }
}

extension QueueInsight {
    /// One of which everything is known.
    static var full: QueueInsight {
        var insight = QueueInsight()
        insight.arrivalRate = 4
        insight.utilization = 0.5
        insight.maxDepth = 10
        insight.predictedWait = .seconds(1)
        insight.quotesHeld = 0.95
        insight.attainment = 0.9
        insight.starts = 10
        insight.breaches = 1
        insight.refusals = 3
        insight.errorBudgetUsed = 0.25
        insight.workers = 2
        insight.desiredWorkers = 3
        insight.audit = AuditView(gap: 0, relativeGap: 0.5, slope: 0, diagnosis: "")
        return insight
    }
}
