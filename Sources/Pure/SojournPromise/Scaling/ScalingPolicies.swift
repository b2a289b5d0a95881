import Queueing

/// The policies that a configuration can name.
public enum ScalingPolicies {
    /// Their names; the default comes first.
    public static let names = [
        Foresight.name, LittleQ.name, KEDA.name, CPUTarget.name, AWSBacklog.name, Knative.name, LatencyBand.name,
        StaticFleet.name,
    ]

    /// A policy by its name, which ignores case; nil for one that is not in ``names``.
    ///
    /// - Parameters:
    ///   - name: one of ``names``.
    ///   - level: the promise.
    ///   - meanServiceTime: what the contract says, in seconds; nil takes that of `level`.
    ///   - nominalRate: λ of the contract, in tasks per second; nil takes that of `level`. `static` holds what this
    ///     rate needs, or the most that is allowed where there is none.
    public static func make(
        name: String, level: ServiceLevel, meanServiceTime: Double? = nil, nominalRate: Double? = nil
    ) -> (any ScalingPolicy)? {
        let serviceTime = meanServiceTime ?? level.serviceTime
        let rate = nominalRate ?? level.arrivalRate
        return switch name.lowercased() {
        case Foresight.name: Foresight(level: level)
        case LittleQ.name: LittleQ(level: level, nominalRate: rate ?? 0)
        case KEDA.name: KEDA(level: level)
        case CPUTarget.name: CPUTarget(level: level)
        case AWSBacklog.name: AWSBacklog(level: level, meanServiceTime: serviceTime)
        case Knative.name: Knative(level: level)
        case LatencyBand.name: LatencyBand(level: level)
        case StaticFleet.name: StaticFleet(slots: contracted(level, serviceTime, rate))
        default: nil
        }
    }

    /// The slots that keep the promise at the rate of the contract.
    private static func contracted(_ level: ServiceLevel, _ serviceTime: Double, _ rate: Double?) -> Int {
        let bounds = level.slots
        let rule = try? StaffingRule(wait: level.limit, lateShare: level.miss, serviceTime: serviceTime)
        guard let rate, let slots = try? rule?.servers(load: rate * serviceTime) else { return bounds.upperBound }
        return min(max(slots, bounds.lowerBound), bounds.upperBound)
    }
}
