import CoreMetrics

/// Gauges of one thing, by name. One that has no value any more is not shown any more.
struct Gauges {
    private let labels: [(String, String)]
    private let factory: any MetricsFactory
    private var shown: [String: any MeterHandler] = [:]

    init(_ labels: [(String, String)] = [], _ factory: any MetricsFactory) {
        self.labels = labels
        self.factory = factory
    }

    mutating func show(_ name: String, _ value: Double?) {
        guard let value else {
            if let gauge = shown.removeValue(forKey: name) { factory.destroyMeter(gauge) }
            return
        }
        if let gauge = shown[name] { return gauge.set(value) }
        let gauge = factory.makeMeter(label: name, dimensions: labels)
        gauge.set(value)
        shown[name] = gauge
    }

    mutating func show(_ name: String, _ value: Int?) { show(name, value.map(Double.init)) }

    /// Shows none of them any more.
    mutating func removeAll() {
        for gauge in shown.values { factory.destroyMeter(gauge) }
        shown = [:]
    }
}

/// A counter of what somebody else counts: it follows the number that it is told.
struct Follower {
    private let counter: any CounterHandler
    private var counted = 0

    init(_ name: String, _ labels: [(String, String)], _ factory: any MetricsFactory) {
        counter = factory.makeCounter(label: name, dimensions: labels)
    }

    mutating func follow(_ count: Int) {
        if count > counted { counter.increment(by: Int64(count - counted)) }
        counted = count
    }
}
