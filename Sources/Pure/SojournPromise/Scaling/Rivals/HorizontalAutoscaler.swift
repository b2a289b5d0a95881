/// What a Kubernetes HPA (autoscaling/v2) makes of a recommendation, with its defaults.
///
/// Every 15 s; up by no more than the greater of 100 % and 4 pods per 15 s; down to the greatest recommendation of the
/// last 300 s. (kubernetes.io, Horizontal Pod Autoscaling, "Default behavior".)
struct HorizontalAutoscaler: Sendable {
    /// Seconds between two looks.
    static let interval = 15.0
    /// A metric this close to its target changes nothing.
    static let tolerance = 0.1
    /// Seconds for which a recommendation holds the replicas up.
    static let stabilization = 300.0

    private let bounds: ClosedRange<Int>
    private var recommendations = SlidingMaximum()

    init(bounds: ClosedRange<Int>) { self.bounds = bounds }

    /// The replicas that it sets; nil where that is what there is.
    mutating func replicas(recommended: Int, current: Int, at now: Double) -> Int? {
        let recommended = min(max(recommended, bounds.lowerBound), bounds.upperBound)
        recommendations.add(recommended, at: now)
        let replicas =
            recommended > current
            ? min(recommended, max(current * 2, current + 4))
            : min(current, recommendations.maximum(since: now - Self.stabilization) ?? recommended)
        return replicas == current ? nil : replicas
    }

    /// ceil(total/target) for a metric of type AverageValue, or `current` within the tolerance: replica_calculator.go,
    /// `GetExternalPerPodMetricReplicas`.
    static func replicas(total: Double, target: Double, current: Int) -> Int {
        let ratio = total / (target * Double(current))
        return abs(1 - ratio) <= tolerance ? current : Numeral.ceiling(total / target)
    }
}
