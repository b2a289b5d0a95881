internal import SojournModel

/// The state of an audit at one instant.
struct AuditSample: Sendable {
    /// What was seen since the sample before.
    struct Between: Sendable {
        /// Consumer stamp minus backend stamp, where both were told, in microseconds.
        var offsets = 0
        var offsetSum: Int128 = 0
        var leastOffset = Int64.max
        /// Depth as told minus tasks present by their stamps. Events that are told late move it back and forth, so it
        /// is never an alarm by itself; it decides why a gap grows.
        var looks = 0
        var surplusSum: Int128 = 0

        /// nil where nobody told both.
        var offset: LittlesLawAudit.ClockOffset? {
            guard offsets > 0 else { return nil }
            return .init(mean: Double(offsetSum) / Double(offsets) / 1e6, minimum: Double(leastOffset) / 1e6)
        }

        mutating func add(offset: Int64) {
            offsets &+= 1
            offsetSum &+= Int128(offset)
            leastOffset = min(leastOffset, offset)
        }

        mutating func add(surplus: Int) {
            looks &+= 1
            surplusSum &+= Int128(surplus)
        }

        mutating func add(_ other: Self) {
            offsets &+= other.offsets
            offsetSum &+= other.offsetSum
            leastOffset = min(leastOffset, other.leastOffset)
            looks &+= other.looks
            surplusSum &+= other.surplusSum
        }
    }

    let instant: Timestamp
    /// In task-microseconds.
    let gap: Int128
    /// The integral of the depth, in task-microseconds.
    let integral: Int128
    /// Departures so far.
    let departed: Int
    /// Depth as told minus tasks present by their stamps.
    let surplus: Int
    var between: Between
}

/// The last readings of an audit, oldest first, never more than ``capacity`` and at least a second apart.
struct AuditSamples: Sendable {
    static let capacity = 128
    private static let spacing: Double = 1
    private var ring: [AuditSample] = []
    /// The place of the oldest one in a full ring.
    private var first = 0

    /// What happened from an earlier sample to the newest one.
    struct Growth {
        var from: Timestamp
        /// In seconds.
        var seconds: Double
        /// In task-seconds.
        var gap: Double
        /// What the larger side grew by, in task-seconds.
        var volume: Double
        var departures: Double
        /// The mean since the sample before the later one, in tasks.
        var surplus: Double

        var relativeGap: Double { volume > 0 ? gap.magnitude / volume : 0 }
        var slope: Double { seconds > 0 ? gap / seconds : 0 }
        var throughput: Double { seconds > 0 ? departures / seconds : 0 }

        init(from early: AuditSample, to late: AuditSample) {
            from = early.instant
            seconds = AuditSamples.seconds(from: early, to: late)
            gap = Self.double(late.gap &- early.gap) / 1e6
            let integral = Self.double(late.integral &- early.integral) / 1e6
            volume = max(integral.magnitude, (integral - gap).magnitude)
            surplus = Self.double(late.between.surplusSum) / Double(max(1, late.between.looks))
            departures = Double(late.departed &- early.departed)
        }

        /// The conversion from 128 bits is slow, and hardly ever needed.
        private static func double(_ number: Int128) -> Double {
            Int64(exactly: number).map { Double($0) } ?? Double(number)
        }
    }

    var count: Int { ring.count }
    var oldest: Timestamp? { ring.isEmpty ? nil : self[0].instant }

    subscript(_ index: Int) -> AuditSample { ring[(first + index) % ring.count] }

    /// Whether it was kept; one of the past is not. One that follows too soon takes the place of the one before.
    mutating func append(_ sample: AuditSample) -> Bool {
        guard count > 0 else {
            ring.append(sample)
            return true
        }
        guard sample.instant > self[count - 1].instant else { return false }
        if count > 1, Self.seconds(from: self[count - 2], to: sample) < Self.spacing {
            var merged = sample
            merged.between.add(self[count - 1].between)
            ring[(first + count - 1) % count] = merged
        } else if count < Self.capacity {
            ring.append(sample)
        } else {
            ring[first] = sample
            first = (first + 1) % count
        }
        return true
    }

    /// From the newest sample that is at least `window` seconds old, or else the oldest one, to the newest.
    func growth(over window: Double) -> Growth {
        Growth(from: self[start(of: window)], to: self[count - 1])
    }

    /// Offsets of the departures in the last `window` seconds; nil where none was told.
    func clockOffset(over window: Double) -> LittlesLawAudit.ClockOffset? {
        var total = AuditSample.Between()
        for index in min(start(of: window) + 1, count - 1)..<count { total.add(self[index].between) }
        return total.offset
    }

    /// Since when all samples that have offsets show at least the half of this one.
    func start(ofOffset offset: Double) -> Timestamp? {
        var start: Timestamp?
        for index in (0..<count).reversed() {
            guard let seen = self[index].between.offset?.estimate else { continue }
            guard seen * offset > 0, seen.magnitude * 2 >= offset.magnitude else { break }
            start = self[index].instant
        }
        return start
    }

    /// The steps from sample to sample of the last `window` seconds, and at least `steps` of them.
    func steps(over window: Double, atLeast steps: Int) -> [Growth] {
        let from = max(0, min(start(of: window), count - 1 - steps))
        return (from..<(count - 1)).map { Growth(from: self[$0], to: self[$0 + 1]) }
    }

    /// The surplus of the last four samples, where it was the same at every look.
    var steadySurplus: Int? {
        guard count >= 4 else { return nil }
        let surplus = self[count - 1].surplus
        let isSteady = (count - 4..<count).allSatisfy { index in
            let between = self[index].between
            return self[index].surplus == surplus && between.surplusSum == Int128(surplus) &* Int128(between.looks)
        }
        return isSteady ? surplus : nil
    }

    private func start(of window: Double) -> Int {
        let newest = self[count - 1]
        var index = count - 1
        while index > 0, Self.seconds(from: self[index], to: newest) < window { index -= 1 }
        return index
    }

    private static func seconds(from early: AuditSample, to late: AuditSample) -> Double {
        // Exact for instants of the next two centuries, and much faster than 128 bits.
        (Double(late.instant.microseconds) - Double(early.instant.microseconds)) / 1e6
    }
}
