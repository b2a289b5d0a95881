public import CoreMetrics
import Synchronization

/// Keeps the metrics of a process for Prometheus: a factory of swift-metrics, and the text of a scrape.
///
/// Names and label names are made to fit (`http.server.requests` becomes `http_server_requests`); a counter ends in
/// `_total`. Timers and recorders that aggregate are histograms, in seconds and as they are. A name that is in use for
/// another kind of metric gets an instrument that nobody sees.
public final class PrometheusRegistry: MetricsFactory {
    /// What is said about a metric, and how finely it is measured.
    public struct Description: Sendable {
        /// One sentence.
        public var help: String
        /// The upper bounds of a histogram's buckets, rising, without the last one, which has none.
        public var buckets: [Double]

        /// A description from its parts.
        public init(help: String, buckets: [Double] = Description.usualBuckets) {
            self.help = help
            self.buckets = buckets
        }

        /// From 5 ms to 10 s, as Prometheus' own libraries have them.
        public static let usualBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    }

    private struct State {
        var families: [Family] = []
        var places: [String: Int] = [:]
        var updates: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())
    private let descriptions: [String: Description]
    private let labelSets: Int

    /// An empty registry.
    ///
    /// - Parameters:
    ///   - descriptions: What is known about metrics, by name.
    ///   - labelSets: The most combinations of label values that one metric may have, because each one costs the
    ///     monitoring memory for good. What comes after them is counted together, with `other` for every value; a gauge
    ///     is not shown.
    public init(_ descriptions: [String: Description] = [:], labelSets: Int = 1_000) {
        self.descriptions = descriptions
        self.labelSets = max(1, labelSets)
    }

    /// Calls `update` before each scrape, for what is cheaper to look up than to keep.
    public func onScrape(_ update: @escaping @Sendable () -> Void) { state.withLock { $0.updates.append(update) } }

    /// What a scrape is answered.
    ///
    /// - Parameter accept: The `Accept` field of the request; OpenMetrics 1.0 where it asks for that, else the text
    ///   format 0.0.4.
    /// - Returns: The `Content-Type`, and the text.
    public func scrape(accept: String? = nil) -> (type: String, text: [UInt8]) {
        for update in state.withLock({ $0.updates }) { update() }
        let format: TextFormat = accept?.contains("application/openmetrics-text") == true ? .openMetrics : .text
        var writer = TextWriter(format)
        for family in state.withLock({ $0.families }) { family.write(to: &writer) }
        return (format.contentType, writer.finished())
    }

    private func family(_ label: String, _ kind: Family.Kind) -> Family {
        let name = kind == .counter ? Name.counter(label) : Name.metric(label)
        return state.withLock { state in
            if let place = state.places[name] {
                let known = state.families[place]
                return known.kind == kind ? known : Family(name: name, kind: kind, nil, labelSets: labelSets)
            }
            let family = Family(name: name, kind: kind, descriptions[name], labelSets: labelSets)
            state.places[name] = state.families.count
            state.families.append(family)
            return family
        }
    }

    private func forget(_ cell: AnyObject) {
        guard let cell = cell as? any Cell else { return }
        for family in state.withLock({ $0.families }) where family.forget(cell) { return }
    }
}

extension PrometheusRegistry {
    /// A counter of whole numbers.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        family(label, .counter).cell(dimensions) { CounterCell() }
    }

    /// A counter of fractions.
    public func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        family(label, .counter).cell(dimensions) { FloatingPointCounterCell() }
    }

    /// A histogram if it aggregates, else a gauge.
    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        if !aggregate { return family(label, .gauge).cell(dimensions) { GaugeCell() } }
        let family = family(label, .histogram)
        return family.cell(dimensions) { HistogramCell(family.buckets) }
    }

    /// A gauge.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        family(label, .gauge).cell(dimensions) { GaugeCell() }
    }

    /// A histogram of seconds.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        let family = family(label, .histogram)
        return family.cell(dimensions) { HistogramCell(family.buckets) }
    }

    /// Stops showing a counter.
    public func destroyCounter(_ handler: any CounterHandler) { forget(handler) }
    /// Stops showing a counter.
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { forget(handler) }
    /// Stops showing a gauge or histogram.
    public func destroyRecorder(_ handler: any RecorderHandler) { forget(handler) }
    /// Stops showing a gauge.
    public func destroyMeter(_ handler: any MeterHandler) { forget(handler) }
    /// Stops showing a histogram.
    public func destroyTimer(_ handler: any TimerHandler) { forget(handler) }
}
