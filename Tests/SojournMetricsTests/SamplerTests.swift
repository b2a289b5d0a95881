import SojournCore
import SojournMetrics
import SojournModel
import SojournWire
import Testing

@Suite("Sampler of gauges") struct SamplerTests {
    @Test func depthsAreShownByQueueAndPriority() async throws {
        let metered = Metered()
        for _ in 0..<3 { try await metered.enqueue() }
        let deliveries = try await metered.claim(2)
        try await metered.report([deliveries[0]], .discarded(reason: "e"))
        try await metered.queue.setPaused("q", true)
        metered.time.advance(by: .seconds(3))
        try await metered.sampler.sample()
        for line in [
            #"sla_queue_depth{queue="q"} 1.0"#, #"queue_depth{priority="default"} 1.0"#,
            #"queue_depth{priority="high"} 0.0"#, #"dlq_depth{priority="default"} 1.0"#,
            #"queue_dead_letters{queue="q"} 1.0"#, "processing_inflight 1.0", #"queue_paused{queue="q"} 1.0"#,
            #"queue_oldest_wait_seconds{queue="q"} 3.0"#, #"retry_set_depth{priority="low"} 0.0"#,
        ] { #expect(metered.lines.contains(line), "\(line)") }
    }

    @Test func aPromiseIsShown() async throws {
        let metered = Metered(promises: ["q": QueuePromise(limit: .seconds(2), percentile: 99.5, arrivalRate: 5)])
        metered.insight.value = .full
        try await metered.sampler.sample()
        metered.insight.value?.breaches = 4
        metered.insight.value?.starts = 20
        metered.insight.value?.predictedWait = nil
        try await metered.sampler.sample()
        for line in [
            #"sla_limit_seconds{queue="q"} 2.0"#, #"sla_target_ratio{queue="q"} 0.995"#,
            #"sla_arrival_rate_limit{queue="q"} 5.0"#, #"sla_arrival_rate{queue="q"} 4.0"#,
            #"sla_max_depth{queue="q"} 10.0"#, #"sla_starts_total{queue="q"} 20"#,
            #"sla_breaches_total{queue="q"} 4"#, #"tasks_rejected_total{queue="q",reason="sla"} 3"#,
            #"sla_workers{queue="q"} 2.0"#, #"sla_desired_workers{queue="q"} 3.0"#,
            #"sla_littles_law_gap_ratio{queue="q"} 0.5"#, #"sla_attainment_ratio{queue="q"} 0.9"#,
            #"sla_predicted_wait_seconds{queue="q"} +Inf"#,
        ] { #expect(metered.lines.contains(line), "\(line)") }
    }

    @Test func aQueueThatIsGoneIsNotShown() async throws {
        let metered = Metered()
        try await metered.enqueue()
        try await metered.sampler.sample()
        #expect(metered.lines.contains(#"sla_queue_depth{queue="q"} 1.0"#))
        let deliveries = try await metered.claim()
        try await metered.report(deliveries, .discarded(reason: "e"))
        _ = try await metered.queue.store.purge(matching: TaskFilter(), limit: 10)
        try await metered.sampler.sample()
        #expect(!metered.lines.contains { $0.hasPrefix("sla_queue_depth") })
    }

    @Test func theLastSampleIsDated() async throws {
        let metered = Metered()
        try await metered.sampler.sample()
        let seconds = Double(metered.time.now().microseconds) / 1e6
        #expect(metered.lines.contains("sampler_last_success_timestamp_seconds \(seconds)"))
    }
}
