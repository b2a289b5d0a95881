import CoreMetrics
import SojournPrometheus
import Testing

@Suite("Prometheus registry") struct RegistryTests {
    private func lines(_ registry: PrometheusRegistry, accept: String? = nil) -> [String] {
        String(decoding: registry.scrape(accept: accept).text, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test func aCounterIsWritten() {
        let registry = PrometheusRegistry(["hits_total": .init(help: "How \\often.\nReally.")])
        let counter = registry.makeCounter(label: "hits_total", dimensions: [("b", "2"), ("a", "1")])
        counter.increment(by: 2)
        counter.increment(by: -5)
        #expect(
            lines(registry) == [
                #"# HELP hits_total How \\often.\nReally."#, "# TYPE hits_total counter",
                #"hits_total{a="1",b="2"} 2"#,
            ])
    }

    @Test func theSameLabelsAreTheSameInstrument() {
        let registry = PrometheusRegistry()
        registry.makeCounter(label: "hits", dimensions: [("a", "1"), ("b", "2")]).increment(by: 1)
        registry.makeCounter(label: "hits", dimensions: [("b", "2"), ("a", "1")]).increment(by: 1)
        #expect(lines(registry) == ["# TYPE hits_total counter", #"hits_total{a="1",b="2"} 2"#])
    }

    @Test func openMetricsIsWrittenWhereItIsAskedFor() {
        let registry = PrometheusRegistry(["hits_total": .init(help: "Hits.")])
        registry.makeCounter(label: "hits", dimensions: []).increment(by: 1)
        let accept = "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"
        #expect(
            lines(registry, accept: accept) == ["# HELP hits Hits.", "# TYPE hits counter", "hits_total 1", "# EOF"])
        #expect(registry.scrape(accept: accept).type.hasPrefix("application/openmetrics-text; version=1.0.0"))
        #expect(registry.scrape(accept: "text/plain").type == "text/plain; version=0.0.4; charset=utf-8")
    }

    @Test func aTimerIsAHistogramOfSeconds() {
        let registry = PrometheusRegistry(["run_seconds": .init(help: "Runs.", buckets: [0.1, 1])])
        let timer = registry.makeTimer(label: "run_seconds", dimensions: [("type", "t")])
        for milliseconds in [100, 101, 2_000] { timer.recordNanoseconds(Int64(milliseconds) * 1_000_000) }
        #expect(
            lines(registry) == [
                "# HELP run_seconds Runs.", "# TYPE run_seconds histogram",
                #"run_seconds_bucket{type="t",le="0.1"} 1"#, #"run_seconds_bucket{type="t",le="1.0"} 2"#,
                #"run_seconds_bucket{type="t",le="+Inf"} 3"#, #"run_seconds_sum{type="t"} 2.201"#,
                #"run_seconds_count{type="t"} 3"#,
            ])
    }

    @Test func gaugesComeAndGo() {
        let registry = PrometheusRegistry()
        let one = registry.makeMeter(label: "depth", dimensions: [("queue", "a")])
        let two = registry.makeMeter(label: "depth", dimensions: [("queue", "b")])
        one.set(1.5)
        two.set(Double.infinity)
        #expect(
            lines(registry) == ["# TYPE depth gauge", #"depth{queue="a"} 1.5"#, #"depth{queue="b"} +Inf"#])
        registry.destroyMeter(one)
        #expect(lines(registry) == ["# TYPE depth gauge", #"depth{queue="b"} +Inf"#])
        registry.destroyMeter(two)
        #expect(lines(registry).isEmpty)
        registry.makeMeter(label: "depth", dimensions: [("queue", "a")]).set(-Double.infinity)
        #expect(lines(registry).last == #"depth{queue="a"} -Inf"#)
    }

    @Test func recordersAreGaugesOrHistograms() {
        let registry = PrometheusRegistry()
        registry.makeRecorder(label: "last", dimensions: [], aggregate: false).record(2.0)
        registry.makeRecorder(label: "sizes", dimensions: [], aggregate: true).record(Int64(3))
        registry.makeRecorder(label: "sizes", dimensions: [], aggregate: true).record(Double.nan)
        #expect(lines(registry).contains("last 2.0"))
        #expect(lines(registry).contains("sizes_count 1") && lines(registry).contains("sizes_sum 3.0"))
        registry.makeFloatingPointCounter(label: "cpu.seconds", dimensions: []).increment(by: 0.5)
        #expect(lines(registry).contains("cpu_seconds_total 0.5"))
    }

    @Test func namesAreMadeToFit() {
        let registry = PrometheusRegistry()
        registry.makeMeter(label: "1.häh:x", dimensions: [("a-b:c", "v")]).set(1.0)
        #expect(lines(registry).last == #"_1_h__h:x{a_b_c="v"} 1.0"#)
    }

    @Test func labelValuesAreEscaped() {
        let registry = PrometheusRegistry()
        registry.makeMeter(label: "m", dimensions: [("a", "x\"y\\z\nw\r\n")]).set(1.0)
        let text = String(decoding: registry.scrape().text, as: UTF8.self)
        #expect(text == "# TYPE m gauge\nm{a=\"x\\\"y\\\\z\\nw\r\\n\"} 1.0\n")
    }

    @Test func labelSetsAreBounded() {
        let registry = PrometheusRegistry(labelSets: 10)
        for number in 0..<1_000 {
            registry.makeCounter(label: "hits", dimensions: [("user", "\(number)")]).increment(by: 1)
        }
        let lines = lines(registry)
        #expect(lines.count == 12 && lines.last == #"hits_total{user="other"} 990"#)
    }

    @Test func gaugesPastTheBoundAreNotShown() {
        let registry = PrometheusRegistry(labelSets: 2)
        let gauges = (0..<4).map { registry.makeMeter(label: "depth", dimensions: [("queue", "\($0)")]) }
        for gauge in gauges { gauge.set(1.0) }
        #expect(lines(registry) == ["# TYPE depth gauge", #"depth{queue="0"} 1.0"#, #"depth{queue="1"} 1.0"#])
        registry.destroyMeter(gauges[3])
        registry.destroyMeter(gauges[0])
        #expect(lines(registry) == ["# TYPE depth gauge", #"depth{queue="1"} 1.0"#])
    }

    @Test func aNameHasOneKind() {
        let registry = PrometheusRegistry()
        registry.makeMeter(label: "thing", dimensions: []).set(1.0)
        registry.makeTimer(label: "thing", dimensions: []).recordNanoseconds(1)
        #expect(lines(registry) == ["# TYPE thing gauge", "thing 1.0"])
    }

    @Test func manyThreadsLoseNothing() async {
        let registry = PrometheusRegistry()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for number in 0..<1_000 {
                        registry.makeCounter(label: "hits", dimensions: [("n", "\(number % 7)")]).increment(by: 1)
                        registry.makeTimer(label: "run", dimensions: []).recordNanoseconds(1)
                        if number % 100 == 0 { _ = registry.scrape() }
                    }
                }
            }
        }
        let all = lines(registry)
        let hits = all.filter { $0.hasPrefix("hits_total{") }.compactMap { Int($0.split(separator: " ")[1]) }
        #expect(hits.reduce(0, +) == 8_000)
        #expect(all.contains("run_count 8000"))
    }

    @Test func theProcessIsShown() {
        let registry = PrometheusRegistry()
        registry.addProcess(startedAt: 1_795_886_928)
        #expect(lines(registry).contains("process_start_time_seconds 1795886928.0"))
        let names = Set(lines(registry).compactMap { $0.split(separator: " ").first.map(String.init) })
        #expect(names.contains("process_cpu_seconds_total") && names.contains("process_start_time_seconds"))
        #if os(Linux)
        #expect(names.contains("process_resident_memory_bytes") && names.contains("process_open_fds"))
        #endif
    }
}
