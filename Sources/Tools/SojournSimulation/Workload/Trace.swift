/// A recorded workload: when tasks came, or how many came in every minute.
public enum Trace: Sendable, Hashable {
    /// Instants in seconds from the first arrival on, and the service times where they were recorded, in seconds.
    case arrivals([Double], services: [Double]?)
    /// Tasks per minute.
    case counts([Double])

    /// The most bytes a trace may have.
    public static let bytesMax = 1 << 28
    /// The most tasks a trace may have.
    public static let tasksMax = 10_000_000
    /// The longest time a trace may cover, in seconds.
    public static let secondsMax = 31 * 86_400.0
    /// The longest service time, in seconds.
    public static let serviceMax = 1e6

    /// Reads comma-separated values.
    ///
    /// With a header, a column `count` holds tasks per minute; otherwise `arrival` (or `time`, `timestamp`, `instant`)
    /// holds instants in seconds, and `service` (or `duration`, `seconds`) service times in seconds. Without a header,
    /// the first column holds instants and the second, if there is one, service times; where the first column of two
    /// is not a number but a date, the second holds tasks per minute.
    public init(csv bytes: [UInt8]) throws(TraceError) {
        guard bytes.count <= Self.bytesMax else {
            throw TraceError(line: 0, problem: "the trace must have at most \(Self.bytesMax) bytes, not \(bytes.count)")
        }
        var lines = TraceLines(bytes)
        guard let first = lines.next() else {
            throw TraceError(line: 0, problem: "the trace must have at least one line with values")
        }
        let layout = try TraceLayout(first)
        if !layout.isHeader { lines.back() }
        self = try layout.counts != nil ? Self.readCounts(&lines, layout) : Self.readArrivals(&lines, layout)
    }

    /// The tasks of the trace.
    ///
    /// - Parameters:
    ///   - name: its name in results.
    ///   - serviceTime: the mean in seconds of exponential service times, where the trace has none of its own.
    ///   - seed: for what the trace leaves open.
    public func workload(name: String, serviceTime: Double = 1, seed: UInt64 = 1) -> Workload {
        var random = NumPyRandom([seed, name.unicodeScalars.reduce(0) { $0 + UInt64($1.value) }])
        switch self {
        case .counts(let counts):
            let arrivals = random.arrivals(perMinute: counts)
            let services = arrivals.map { _ in random.exponential(serviceTime) }
            return Workload(
                name: name, arrivals: arrivals, services: services, horizon: 60 * Double(counts.count),
                serviceTime: serviceTime)
        case .arrivals(let arrivals, let services?):
            let mean = services.isEmpty ? serviceTime : services.reduce(0, +) / Double(services.count)
            return Workload(name: name, arrivals: arrivals, services: services, serviceTime: mean)
        case .arrivals(let arrivals, nil):
            let services = arrivals.map { _ in random.exponential(serviceTime) }
            return Workload(name: name, arrivals: arrivals, services: services, serviceTime: serviceTime)
        }
    }

    private static func readCounts(_ lines: inout TraceLines, _ layout: TraceLayout) throws(TraceError) -> Trace {
        let column = layout.counts ?? 0
        var counts: [Double] = []
        var total = 0.0
        while let line = lines.next() {
            let count = try line.number(column, named: "count", in: 0...Double(tasksMax))
            counts.append(count)
            total += count
            guard total <= Double(tasksMax) else {
                throw TraceError(line: line.number, problem: "the trace must have at most \(tasksMax) tasks")
            }
            guard Double(counts.count) * 60 <= secondsMax else {
                throw TraceError(line: line.number, problem: "the trace must cover at most \(Int(secondsMax)) seconds")
            }
        }
        guard total > 0 else { throw TraceError(line: 0, problem: "the trace must have at least one task") }
        return .counts(counts)
    }

    private static func readArrivals(_ lines: inout TraceLines, _ layout: TraceLayout) throws(TraceError) -> Trace {
        var arrivals: [Double] = []
        var services: [Double] = []
        var (first, last) = (Double.infinity, -Double.infinity)
        while let line = lines.next() {
            let arrival = try line.number(layout.arrivals, named: "arrival", in: 0...1e12)
            (first, last) = (min(first, arrival), max(last, arrival))
            guard last - first <= secondsMax else {
                throw TraceError(line: line.number, problem: "the trace must cover at most \(Int(secondsMax)) seconds")
            }
            guard arrivals.count < tasksMax else {
                throw TraceError(line: line.number, problem: "the trace must have at most \(tasksMax) tasks")
            }
            arrivals.append(arrival)
            if let column = layout.services {
                services.append(try line.number(column, named: "service", in: 0...serviceMax))
            }
        }
        guard !arrivals.isEmpty else { throw TraceError(line: 0, problem: "the trace must have at least one task") }
        let relative = arrivals.map { $0 - first }
        return .arrivals(relative, services: layout.services == nil ? nil : services)
    }
}

/// A trace that cannot be read.
public struct TraceError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The line, from 1 on; 0 where the whole trace is meant.
    public let line: Int
    /// What is wrong, and what would be right.
    public let problem: String

    /// The problem with its line, in one sentence.
    public var description: String { line > 0 ? "line \(line): \(problem)" : problem }
}
