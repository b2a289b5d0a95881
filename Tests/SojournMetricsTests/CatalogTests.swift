import Foundation
import SojournMetrics
import Testing

/// `docs/metrics.md` is made from the catalog; `SOJOURN_WRITE_DOCS=1 swift test --filter Catalog` writes it anew.
@Suite("Catalog of metrics") struct CatalogTests {
    private static let intro = """
        # Metrics

        Prometheus scrapes `/metrics` at the server's own address, with one of its keys where it has any, or at
        `METRICS_ADDR` (`--metrics-address`), where there is nothing else and no key is asked for. OpenMetrics 1.0 is
        spoken where `Accept` asks for it. A worker has `METRICS_ADDR` too. Of the attempts that it runs for a server,
        the server counts the same: scrape such a worker under another job name than `sojourn`. One that works on Redis
        or Postgres directly is counted by nobody else: scrape it as `sojourn`; whether its tasks start in time is
        measured by nobody. [Alerts](alerts.md) and dashboards are
        in `deploy/`.

        Gauges are taken every `METRICS_SAMPLE_MS`, however often somebody scrapes. A metric has at most 1,000 sets of
        labels; what comes after them is counted as `other`, and a gauge is not shown. Each process needs a
        `METRICS_ADDR` of its own. Most gauges that begin with `sla_` are there for queues with `sla_seconds`;
        `sla_queue_depth`, `sla_workers`, `sla_arrival_rate` and `sla_utilization_ratio` for all. The histogram of
        waits has a bound at each `sla_seconds` (at the twenty shortest).

        | metric | | labels | what |
        | --- | --- | --- | --- |

        """

    private static var page: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("docs/metrics.md")
    }

    @Test func thePageInTheDocsIsCurrent() throws {
        let rows = MetricCatalog.all.map { metric in
            let labels = metric.labels.joined(separator: ", ")
            return "| `\(metric.name)` | \(metric.kind.rawValue) | \(labels) | \(metric.help) |\n"
        }
        let expected = Self.intro + rows.joined()
        if ProcessInfo.processInfo.environment["SOJOURN_WRITE_DOCS"] == "1" {
            try Data(expected.utf8).write(to: Self.page)
        }
        #expect(try String(contentsOf: Self.page, encoding: .utf8) == expected)
    }

    @Test func waitsHaveABoundAtEachPromise() throws {
        let limits: [Duration] = [.seconds(20), .seconds(1), .milliseconds(1_500), .seconds(20)]
        let waits = try #require(
            MetricCatalog.all(promised: limits).first { $0.name == "enqueue_to_start_seconds" }
        ).buckets
        #expect(waits == waits.sorted() && Set(waits).count == waits.count)
        #expect(waits.contains(20) && waits.contains(1.5) && waits.contains(3_600))
        let usual = try #require(MetricCatalog.all.first { $0.name == "enqueue_to_start_seconds" }).buckets
        #expect(waits.count == usual.count + 2)
        let many = (1...1_000).map { Duration.seconds(4_000 + $0) }
        #expect(MetricCatalog.all(promised: many).allSatisfy { $0.buckets.count <= usual.count + 20 })
        #expect(MetricCatalog.all(promised: []).map(\.buckets) == MetricCatalog.all.map(\.buckets))
    }

    @Test func namesAreUniqueAndFit() {
        let names = MetricCatalog.all.map(\.name)
        #expect(Set(names).count == names.count)
        for metric in MetricCatalog.all {
            #expect(metric.name.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil)
            #expect(metric.name.hasSuffix("_total") == (metric.kind == .counter), "\(metric.name)")
            #expect(metric.buckets.isEmpty == (metric.kind != .histogram))
            #expect(metric.buckets == metric.buckets.sorted())
        }
    }
}
