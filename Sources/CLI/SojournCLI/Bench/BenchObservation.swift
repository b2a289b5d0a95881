import SojournBench
import SojournCore
import SojournMetrics
import SojournPrometheus
import SojournWire

#if HTTP
import SojournHTTP
#endif

/// All that a server can have turned on: metrics, the sampler, one Prometheus that scrapes every second, and one reader
/// of `/events`.
enum BenchObservation {
    @Sendable static func make() -> Observation {
        let registry = PrometheusRegistry()
        let metrics = TaskMetrics(registry)
        #if HTTP
        let feed = EventFeed()
        return Observation(observers: [metrics, feed], looks: looks(registry)) { queue in
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    guard let events = feed.watch(nil, limit: 1) else { return }
                    for await _ in events {}
                }
                group.addTask { await watch(queue, registry) { feed.show($0) } }
                await group.waitForAll()
            }
        }
        #else
        return Observation(observers: [metrics], looks: looks(registry)) { queue in
            await watch(queue, registry) { _ in }
        }
        #endif
    }

    /// What the sampler asks for, a scrape, and the first page of tasks.
    private static func looks(_ registry: PrometheusRegistry) -> [Observation.Look] {
        [
            .init("sample") { queue in try await MetricsSampler(TaskDesk(queue: queue), registry).sample() },
            .init("scrape") { _ in _ = registry.scrape() },
            .init("first_page") { queue in
                _ = try await TaskDesk(queue: queue).tasks(matching: TaskFilter(), limit: 50, cursor: nil)
            },
        ]
    }

    private static func watch(
        _ queue: LocalTaskQueue, _ registry: PrometheusRegistry, onSample: @escaping @Sendable ([QueueView]) -> Void
    ) async {
        let sampler = MetricsSampler(TaskDesk(queue: queue), registry, onSample: onSample)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await sampler.run() }
            group.addTask {
                while (try? await queue.time.sleep(for: .seconds(1))) != nil { _ = registry.scrape() }
            }
            await group.waitForAll()
        }
    }
}
