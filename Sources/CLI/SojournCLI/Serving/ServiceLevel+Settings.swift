import SojournConfiguration
import SojournModel
import SojournPromise

extension ServiceLevel {
    /// The promise of a configured queue; nil where it promises nothing.
    init?(_ settings: QueueSettings) {
        guard let limit = settings.sla else { return nil }
        self.init(
            limit: limit.inSeconds, miss: 1 - settings.slaPercentile / 100, arrivalRate: settings.arrivalRate,
            serviceTime: settings.serviceTime.inSeconds, serviceMax: settings.serviceMax.inSeconds,
            startup: settings.startup.inSeconds, burst: settings.burstFactor,
            overflow: Overflow(settings.overflow),
            mode: settings.isHard ? .hard(crashes: settings.crashes) : .stochastic,
            tasksPerWorker: settings.tasksPerWorker, workers: settings.minWorkers...settings.maxWorkers,
            scaleThreshold: settings.scaleThreshold)
    }
}

extension ServiceLevel.Overflow {
    fileprivate init(_ policy: OverflowPolicy) {
        switch policy {
        case .accept: self = .accept
        case .demote: self = .demote
        case .reject: self = .reject
        }
    }
}
