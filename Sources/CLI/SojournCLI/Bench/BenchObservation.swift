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
        return Observation(observers: [metrics, feed]) { queue in
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
        return Observation(observers: [metrics]) { queue in await watch(queue, registry) { _ in } }
        #endif
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
