import ServiceLifecycle
import SojournCore
import SojournModel

/// Keeps a clock in step with that of a store, as long as the process runs.
struct ClockFollower: Service {
    let time: StoreTime
    let ask: @Sendable () async throws(BackendError) -> Timestamp

    func run() async { await cancelWhenGracefulShutdown { await time.follow(ask) } }
}
