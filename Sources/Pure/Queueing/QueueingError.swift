/// Why a question about a queue has no answer.
public enum QueueingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A number is outside its range; `valid` describes the range in words.
    case invalid(field: String, value: Double, valid: String)
    /// The servers cannot keep up: the queue grows for ever and has no steady state. `utilization` is ≥ 1.
    case unstable(utilization: Double)

    /// One sentence that names the field and its valid range.
    public var description: String {
        switch self {
        case .invalid(let field, let value, let valid):
            "\(field) is \(value), but must be \(valid)."
        case .unstable(let utilization):
            "utilization is \(utilization), but must be below 1 for a steady state: add servers or lower the load."
        }
    }
}

/// Checks of the numbers that come from outside, so that no formula behind them can trap or return NaN.
enum Require {
    /// More servers or waiting positions than this is taken for a mistake.
    static let mostServers = 10_000_000

    static func positive(_ value: Double, _ field: String) throws(QueueingError) {
        guard value > 0, value.isFinite else {
            throw .invalid(field: field, value: value, valid: "a finite number above 0")
        }
    }

    static func notNegative(_ value: Double, _ field: String) throws(QueueingError) {
        guard value >= 0, value.isFinite else {
            throw .invalid(field: field, value: value, valid: "a finite number, 0 or above")
        }
    }

    static func finite(_ value: Double, _ field: String) throws(QueueingError) {
        guard value.isFinite else { throw .invalid(field: field, value: value, valid: "a finite number") }
    }

    /// A probability of which neither impossible nor certain makes sense.
    static func share(_ value: Double, _ field: String) throws(QueueingError) {
        guard value > 0, value < 1 else {
            throw .invalid(field: field, value: value, valid: "a share between 0 and 1, both excluded")
        }
    }

    static func count(
        _ value: Int, _ field: String, from least: Int = 1, to most: Int = mostServers
    ) throws(QueueingError) {
        guard (least...most).contains(value) else {
            throw .invalid(field: field, value: Double(value), valid: "a whole number from \(least) to \(most)")
        }
    }

    /// The offered load a = λ·m in servers, for a system that must be stable.
    static func stableLoad(
        arrivalRate: Double, serviceTime: Double, servers: Int
    ) throws(QueueingError) -> Double {
        try positive(arrivalRate, "arrivalRate")
        try positive(serviceTime, "serviceTime")
        try count(servers, "servers")
        let load = arrivalRate * serviceTime
        // Two tiny numbers can multiply to 0.
        guard load > 0 else {
            throw .invalid(field: "arrivalRate · serviceTime", value: load, valid: "above 0")
        }
        guard load < Double(servers) else { throw .unstable(utilization: load / Double(servers)) }
        return load
    }
}
