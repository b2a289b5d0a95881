#if HTTP
import SojournCore
import SojournModel
import Synchronization

/// Depths that are at most as old as the interval: however often somebody scrapes, the backend is asked no oftener.
final class DepthSampler: Sendable {
    private struct State {
        var sample: [QueueDepth] = []
        var isTaken = false
        var nextAt = Timestamp.distantPast
    }

    private let state = Mutex(State())
    private let queue: LocalTaskQueue
    private let interval: Duration

    init(queue: LocalTaskQueue, interval: Duration) {
        self.queue = queue
        self.interval = interval
    }

    /// The last sample, or a new one where its time has come. While one caller takes a sample the others get the last.
    func depths() async throws(BackendError) -> [QueueDepth] {
        let now = queue.time.now()
        let last: [QueueDepth]? = state.withLock { state in
            guard now >= state.nextAt || !state.isTaken else { return state.sample }
            state.nextAt = now.advanced(by: interval)
            return nil
        }
        if let last { return last }
        let sample = try await queue.backend.depths()
        state.withLock {
            $0.sample = sample
            $0.isTaken = true
        }
        return sample
    }
}
#endif
