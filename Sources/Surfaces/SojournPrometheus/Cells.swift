import CoreMetrics
import Synchronization

/// One instrument: a name and its labels.
protocol Cell: AnyObject, Sendable {
    /// Writes its samples.
    func write(_ name: String, _ labels: String, to writer: inout TextWriter)
}

final class CounterCell: Cell, CounterHandler {
    private let count = Atomic<Int64>(0)

    /// A counter never goes down: what is negative is ignored.
    func increment(by amount: Int64) {
        if amount > 0 { count.wrappingAdd(amount, ordering: .relaxed) }
    }

    func reset() { count.store(0, ordering: .relaxed) }

    func write(_ name: String, _ labels: String, to writer: inout TextWriter) {
        writer.sample(name, labels, count.load(ordering: .relaxed))
    }
}

final class FloatingPointCounterCell: Cell, FloatingPointCounterHandler {
    private let sum = Mutex(0.0)

    func increment(by amount: Double) {
        if amount > 0 { sum.withLock { $0 += amount } }
    }

    func reset() { sum.withLock { $0 = 0 } }

    func write(_ name: String, _ labels: String, to writer: inout TextWriter) {
        writer.sample(name, labels, sum.withLock { $0 })
    }
}

final class GaugeCell: Cell, MeterHandler, RecorderHandler {
    private let value = Mutex(0.0)

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { self.value.withLock { $0 = value } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }

    func write(_ name: String, _ labels: String, to writer: inout TextWriter) {
        writer.sample(name, labels, value.withLock { $0 })
    }
}

/// Counts values by the bucket that they fall into.
final class HistogramCell: Cell, TimerHandler, RecorderHandler {
    private struct State {
        /// Not cumulative; the last one has no upper bound.
        var counts: [Int]
        var sum = 0.0
    }

    private let buckets: [Double]
    private let state: Mutex<State>

    init(_ buckets: [Double]) {
        self.buckets = buckets
        state = Mutex(State(counts: Array(repeating: 0, count: buckets.count + 1)))
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        if value.isNaN { return }
        // Most waits and runs are short, so the search begins there.
        let place = buckets.firstIndex { value <= $0 } ?? buckets.count
        state.withLock { state in
            state.counts[place] &+= 1
            state.sum += value
        }
    }

    func write(_ name: String, _ labels: String, to writer: inout TextWriter) {
        let state = state.withLock { $0 }
        var count = 0
        for (place, inBucket) in state.counts.enumerated() {
            count &+= inBucket
            writer.bucket(name, labels, upTo: place < buckets.count ? buckets[place] : .infinity, count)
        }
        writer.sample(name + "_sum", labels, state.sum)
        writer.sample(name + "_count", labels, Int64(count))
    }
}
