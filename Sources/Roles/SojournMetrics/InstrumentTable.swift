import CoreMetrics
import Synchronization

/// Instruments by what they are labelled with: each is made once, and found without making a text.
final class InstrumentTable<Key: Hashable & Sendable, Instrument: Sendable>: Sendable {
    private let known = Mutex<[Key: Instrument]>([:])
    private let make: @Sendable (Key) -> Instrument

    /// - Parameter make: Makes the instrument of a key that is new.
    init(_ make: @escaping @Sendable (Key) -> Instrument) { self.make = make }

    subscript(key: Key) -> Instrument {
        known.withLock { known in
            if let instrument = known[key] { return instrument }
            let instrument = make(key)
            // The factory bounds what it keeps; this bounds what is remembered of it.
            if known.count < Self.limit { known[key] = instrument }
            return instrument
        }
    }

    private static var limit: Int { 10_000 }
}

/// Measures a batch: the timer of neighbours with the same key is looked for once.
struct Timers<Key: Hashable & Sendable> {
    private let table: InstrumentTable<Key, any TimerHandler>
    private var last: (key: Key, timer: any TimerHandler)?

    init(_ table: InstrumentTable<Key, any TimerHandler>) { self.table = table }

    mutating func record(_ nanoseconds: Int64, for key: Key) {
        if last?.key != key { last = (key, table[key]) }
        last?.timer.recordNanoseconds(nanoseconds)
    }
}

/// Counts a batch: neighbours with the same key are one call of their counter.
struct Tally<Key: Hashable & Sendable> {
    private let table: InstrumentTable<Key, any CounterHandler>
    private var open: (key: Key, count: Int64)?

    init(_ table: InstrumentTable<Key, any CounterHandler>) { self.table = table }

    mutating func add(_ key: Key) {
        if open?.key == key {
            open?.count += 1
        } else {
            close()
            open = (key, 1)
        }
    }

    /// Tells what has been added. Nothing is told without it.
    mutating func close() {
        if let (key, count) = open.take() { table[key].increment(by: count) }
    }
}
