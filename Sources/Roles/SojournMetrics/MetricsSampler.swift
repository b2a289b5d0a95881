public import CoreMetrics
public import Logging
public import ServiceLifecycle
public import SojournCore
import SojournModel
public import SojournWire
import Synchronization

/// Looks at the queues again and again, and sets the gauges: however often somebody scrapes or watches, the store is
/// asked once in an interval.
public final class MetricsSampler: Service {
    private struct State {
        var queues: [QueueName: QueueGauges] = [:]
        var priorities: [Priority: Gauges] = [:]
        var totals: Gauges
    }

    private let desk: TaskDesk
    private let factory: any MetricsFactory
    private let interval: Duration
    private let logger: Logger
    private let onSample: @Sendable ([QueueView]) -> Void
    private let state: Mutex<State>

    /// - Parameters:
    ///   - desk: Whom it asks.
    ///   - factory: Where the gauges are.
    ///   - interval: The time between two looks.
    ///   - onSample: Is given what it saw, every time.
    public init(
        _ desk: TaskDesk, _ factory: any MetricsFactory, every interval: Duration = .milliseconds(500),
        logger: Logger = Logger(label: "sojourn.metrics"),
        onSample: @escaping @Sendable ([QueueView]) -> Void = { _ in }
    ) {
        self.desk = desk
        self.factory = factory
        self.interval = max(.milliseconds(10), interval)
        self.logger = logger
        self.onSample = onSample
        state = Mutex(State(totals: Gauges([], factory)))
    }

    /// Samples until it is told to stop. Where the store does not answer, the gauges keep their last values, and
    /// `sampler_last_success_timestamp_seconds` says since when.
    public func run() async {
        let time = desk.queue.time
        await cancelWhenGracefulShutdown {
            var isFailing = false
            while !Task.isCancelled {
                do throws(BackendError) {
                    try await self.sample()
                    isFailing = false
                } catch {
                    // Once per trouble: the age of the gauges says the rest.
                    if !isFailing, !Task.isCancelled {
                        self.logger.warning("Metrics are not up to date", metadata: ["error": "\(error)"])
                    }
                    isFailing = true
                }
                try? await time.sleep(for: self.interval)
            }
        }
    }

    /// Looks once.
    public func sample() async throws(BackendError) {
        let views = try await desk.queues()
        let expired = try await desk.queue.backend.oldestExpiry()
        let now = desk.queue.time.now()
        let late = expired.map { max(.zero, now.duration(since: $0)).inSeconds }
        state.withLock { state in
            show(views, in: &state)
            state.totals.show("oldest_expired_lease_seconds", late ?? 0)
            state.totals.show("sampler_last_success_timestamp_seconds", Double(now.microseconds) / 1e6)
        }
        onSample(views)
    }

    private func show(_ views: [QueueView], in state: inout State) {
        let names = Set(views.map(\.name))
        for name in state.queues.keys where !names.contains(name) {
            state.queues[name]?.remove()
            state.queues[name] = nil
        }
        for view in views { state.queues[view.name, default: QueueGauges(view.name, factory)].show(view) }
        for priority in Priority.allCases {
            let counts = views.compactMap { $0.depth[priority] }
            func sum(_ status: TaskStatus) -> Int { counts.reduce(0) { $0 &+ ($1[status] ?? 0) } }
            var gauges = state.priorities[priority] ?? Gauges([("priority", priority.name)], factory)
            gauges.show("queue_depth", sum(.queued))
            gauges.show("retry_set_depth", sum(.retrying))
            gauges.show("dlq_depth", sum(.dead))
            state.priorities[priority] = gauges
        }
        let running = views.reduce(0) { sum, view in sum &+ view.depth.values.reduce(0) { $0 &+ ($1[.running] ?? 0) } }
        state.totals.show("processing_inflight", running)
    }
}
