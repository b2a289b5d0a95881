#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The workloads on which policies are compared. The same name and seed give the same tasks everywhere.
public enum Scenario: String, Sendable, Hashable, CaseIterable {
    /// 20 tasks per second for an hour.
    case poisson
    /// A wave between 4 and 36 tasks per second, two periods of an hour.
    case diurnal
    /// 10 tasks per second, and 100 for ten minutes without notice.
    case flash10
    /// Switches between 5 and 60 tasks per second, after 180 and 60 seconds in the mean.
    case onoff
    /// From 5 to 100 tasks per second in 40 minutes, ten minutes at the top, then 10.
    case ramp
    /// 20 tasks per second whose service times vary by a lot: c² = 10.
    case lognormal10
    /// 20 tasks per second whose service times have a Pareto tail of exponent 1.8, cut at 300 means.
    case pareto = "pareto1.8"
    /// Three hours around the semi-final of the World Cup of 1998, scaled to 15 requests per second.
    case semiFinal = "wc98-semi"
    /// Three hours around its opening match, scaled the same.
    case opening = "wc98-open"

    /// The tasks of the scenario for a mean service time in seconds and a seed.
    public func workload(serviceTime: Double = 1, seed: UInt64 = 1) -> Workload {
        var random = NumPyRandom([seed, rawValue.unicodeScalars.reduce(0) { $0 + UInt64($1.value) }])
        let arrivals = arrivals(&random)
        let services = services(&random, count: arrivals.count, mean: serviceTime)
        return Workload(
            name: rawValue, arrivals: arrivals, services: services, horizon: horizon, serviceTime: serviceTime)
    }

    /// Length of the scenario in seconds.
    public var horizon: Double {
        switch self {
        case .diurnal: 7200
        case .semiFinal, .opening: 10800
        default: 3600
        }
    }

    private func arrivals(_ random: inout NumPyRandom) -> [Double] {
        switch self {
        case .poisson, .lognormal10, .pareto: random.arrivals(until: horizon) { _ in 20 }
        case .diurnal: random.arrivals(until: horizon) { 20 * (1 - 0.8 * cos(2 * Double.pi * $0 / 3600)) }
        case .flash10: random.arrivals(until: horizon) { $0 >= 1200 && $0 < 1800 ? 100 : 10 }
        case .ramp: random.arrivals(until: horizon) { $0 < 2400 ? 5 + 95 * $0 / 2400 : $0 < 3000 ? 100 : 10 }
        case .onoff: random.switchingArrivals(until: horizon, low: 5, high: 60, meanLow: 180, meanHigh: 60)
        case .semiFinal: random.arrivals(perMinute: WorldCup.semiFinal, scaledTo: 15)
        case .opening: random.arrivals(perMinute: WorldCup.opening, scaledTo: 15)
        }
    }

    private func services(_ random: inout NumPyRandom, count: Int, mean: Double) -> [Double] {
        switch self {
        case .lognormal10:
            let variance = log(1 + 10.0)
            let center = log(mean) - variance / 2
            let deviation = variance.squareRoot()
            return (0..<count).map { _ in random.lognormal(center, deviation) }
        case .pareto:
            return random.paretoServices(count, mean: mean, exponent: 1.8, cap: 300)
        default:
            return (0..<count).map { _ in random.exponential(mean) }
        }
    }
}

extension NumPyRandom {
    /// Arrivals of a Poisson process whose rate changes, in steps of a tenth of a second.
    mutating func arrivals(until horizon: Double, rate: (Double) -> Double) -> [Double] {
        let step = 0.1
        let times = (0..<Int((horizon / step).rounded(.up))).map { Double($0) * step }
        let counts = times.map { poisson(max(0, rate($0)) * step) }
        var arrivals: [Double] = []
        arrivals.reserveCapacity(counts.reduce(0, +))
        for (time, count) in zip(times, counts) {
            for _ in 0..<count { arrivals.append(time + uniform() * step) }
        }
        arrivals.sort()
        return arrivals
    }

    /// Arrivals at rates that are given per minute and joined by straight lines.
    ///
    /// - Parameter mean: the mean rate to scale to, in tasks per second; nil takes the counts as they are.
    mutating func arrivals(perMinute counts: [Double], scaledTo mean: Double? = nil) -> [Double] {
        let scale = mean.map { $0 * 60 * Double(counts.count) / counts.reduce(0, +) } ?? 1
        let rates = counts.map { $0 * scale / 60 }
        return arrivals(until: 60 * Double(counts.count)) { time in
            // The rate of a minute holds in its middle.
            let minute = min(Int(max(0, time - 30) / 60), rates.count - 1)
            let middle = 60 * Double(minute) + 30
            guard time > middle, minute + 1 < rates.count else { return rates[minute] }
            return (rates[minute + 1] - rates[minute]) / 60 * (time - middle) + rates[minute]
        }
    }

    /// Arrivals of a process that switches between two rates after times with exponential lengths.
    fileprivate mutating func switchingArrivals(
        until horizon: Double, low: Double, high: Double, meanLow: Double, meanHigh: Double
    ) -> [Double] {
        var arrivals: [Double] = []
        var time = 0.0
        var isHigh = false
        while time < horizon {
            let end = min(horizon, time + exponential(isHigh ? meanHigh : meanLow))
            let count = poisson((isHigh ? high : low) * (end - time))
            for _ in 0..<count { arrivals.append(time + uniform() * (end - time)) }
            time = end
            isHigh.toggle()
        }
        arrivals.sort()
        return arrivals
    }

    /// Service times with a Pareto tail, cut at `cap` and scaled to the mean.
    fileprivate mutating func paretoServices(_ count: Int, mean: Double, exponent: Double, cap: Double) -> [Double] {
        let share = 1 - pow(cap, -exponent)
        let uncut = exponent / (exponent - 1) * (1 - pow(cap, 1 - exponent)) / share
        return (0..<count).map { _ in pow(1 - uniform() * share, -1 / exponent) * mean / uncut }
    }
}
