/// What a simulated queue has to do: when tasks come, and how long each of them runs.
public struct Workload: Sendable, Hashable {
    /// Its name in results.
    public var name: String
    /// When the tasks come, in seconds, ascending.
    public let arrivals: [Double]
    /// How long each of them holds a slot, in seconds.
    public let services: [Double]
    /// The end of the accounted time, in seconds.
    public let horizon: Double
    /// The rate at the beginning, in tasks per second: what an operator knew who set the first number of slots.
    public let initialRate: Double
    /// The mean rate over the horizon: what the contract says.
    public let nominalRate: Double
    /// The mean service time that the operator believes in, in seconds.
    public let serviceTime: Double

    /// A workload from its parts.
    ///
    /// - Parameters:
    ///   - arrivals: in any order, finite and not negative; others count as 0.
    ///   - services: one per arrival; missing ones count as `serviceTime`.
    ///   - horizon: positive; the whole second after the last arrival where nil.
    ///   - initialRate: counted over the first minute where nil.
    public init(
        name: String, arrivals: [Double], services: [Double], horizon: Double? = nil, initialRate: Double? = nil,
        serviceTime: Double
    ) {
        let sane = arrivals.map { $0.isFinite && $0 >= 0 ? $0 : 0 }
        var runs = services.prefix(sane.count).map { $0.isFinite && $0 >= 0 ? $0 : 0 }
        runs += repeatElement(serviceTime, count: sane.count - runs.count)
        self.name = name
        if zip(sane, sane.dropFirst()).allSatisfy({ $0 <= $1 }) {
            (self.arrivals, self.services) = (sane, runs)
        } else {
            let order = sane.indices.sorted { (sane[$0], $0) < (sane[$1], $1) }
            (self.arrivals, self.services) = (order.map { sane[$0] }, order.map { runs[$0] })
        }
        let wanted = horizon.flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
        let end = wanted ?? max(1, (self.arrivals.last ?? 0).rounded(.up))
        self.horizon = end
        self.initialRate = initialRate ?? max(1, Double(self.arrivals.prefix { $0 < 60 }.count) / 60)
        nominalRate = Double(sane.count) / end
        self.serviceTime = serviceTime
    }

    /// Slots that the reference starts with: what the first minute needs, and 30 %.
    public var initialSlots: Int { Int(exactly: (1.3 * initialRate * serviceTime).rounded(.up)).map { $0 + 1 } ?? 1 }

    /// The sum of all service times, in slot-seconds.
    public var work: Double { services.reduce(0, +) }
}
