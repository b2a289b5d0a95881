import SojournConfiguration
import SojournCore
import SojournModel
import SojournServer

extension TaskPolicies {
    init(_ settings: Settings) {
        let retry = settings.retry
        let byQueue = settings.queues.map { (QueueName(trusted: $0.key), $0.value.maxRetries) }
        let timeouts = settings.queues.compactMap { name, queue in
            queue.timeout.map { (QueueName(trusted: name), $0) }
        }
        let byType = settings.handlers.compactMap { name, handler in
            handler.maxRetries.map { (TaskType(trusted: name), $0) }
        }
        self.init(
            retry: RetryPolicy(base: retry.base, cap: retry.max, jitter: .full, spread: retry.jitter),
            maxRetriesByQueue: Dictionary(uniqueKeysWithValues: byQueue),
            maxRetriesByType: Dictionary(uniqueKeysWithValues: byType),
            timeoutByQueue: Dictionary(uniqueKeysWithValues: timeouts))
    }
}

extension ServerConfiguration {
    init(_ settings: Settings) {
        self.init(
            promoteInterval: settings.retry.scanInterval, promoteBatch: settings.retry.batchSize,
            reapInterval: settings.reaper.scanInterval, reapBatch: settings.reaper.batchSize,
            retention: RetentionPolicy(
                finished: settings.retention.finished, dead: settings.retention.dead, keys: settings.idempotencyWindow))
    }
}
