import Logging
import SojournAutoscale
import SojournConfiguration
import SojournModel
import SojournPromise

extension PromiseConfiguration {
    /// The promises of all configured queues.
    init(_ settings: Settings) {
        var levels: [QueueName: ServiceLevel] = [:]
        for (name, queue) in settings.queues { levels[QueueName(trusted: name)] = ServiceLevel(queue) }
        self.init(
            levels: levels, scaling: Scaling(settings.autoscale.target), policy: settings.autoscale.policy.rawValue)
    }

    /// Tells of promises that are impossible or doubtful.
    func warn(_ logger: Logger) {
        var circumstances = ServiceLevelLinter.Circumstances()
        circumstances.policy = policy
        for (queue, level) in levels.sorted(by: { $0.key < $1.key }) {
            for finding in ServiceLevelLinter(level, circumstances).findings {
                logger.warning("\(finding.what) \(finding.remedy)", metadata: ["queue": "\(queue)"])
            }
        }
    }
}

extension PromiseConfiguration.Scaling {
    fileprivate init(_ target: AutoscaleTarget) {
        switch target {
        case .off: self = .off
        case .processes: self = .processes
        case .slots: self = .slots
        case .dryRun: self = .dryRun
        }
    }
}
