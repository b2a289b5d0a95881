#if HTTP
import SojournCore
import Synchronization

/// The claims that wait for tasks at this server, by the name of their worker: one that leaves can end them, and still
/// hears what they were granted in that instant.
final class WaitingClaims: Sendable {
    private let ends = Mutex<[String: [OneShot]]>([:])

    /// Runs `body`; until it returns, `end` is fired when that worker leaves. Who has no name cannot leave.
    func waiting<Result>(_ worker: String, _ end: OneShot, _ body: () async -> Result) async -> Result {
        if !worker.isEmpty { ends.withLock { $0[worker, default: []].append(end) } }
        let result = await body()
        ends.withLock { ends in
            ends[worker]?.removeAll { $0 === end }
            if ends[worker]?.isEmpty == true { ends[worker] = nil }
        }
        return result
    }

    /// Ends what that worker waits for; how many claims that were.
    func leave(_ worker: String) -> Int {
        let ends = ends.withLock { $0[worker] ?? [] }
        for end in ends { end.fire() }
        return ends.count
    }
}
#endif
