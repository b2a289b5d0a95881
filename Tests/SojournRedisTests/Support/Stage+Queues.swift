#if Redis
import RESP
import RedisTestKit
import SojournConformance
import SojournCore
import SojournRedis

extension Stage {
    /// A queue with a client of its own, as another process would have it.
    func queue(
        on address: RedisAddress, time: any TimeSource = SystemTime(), timeout: Duration = .seconds(5)
    ) throws -> RedisQueue {
        RedisQueue(try client(address, RedisConfiguration(commandTimeout: timeout)), time: time)
    }

    /// A subject that can be closed and opened again, any number of times.
    func subject(on address: RedisAddress, time: ManualTime = ManualTime()) throws -> ConformanceSubject {
        let queue = try queue(on: address, time: time)
        return ConformanceSubject(store: queue, backend: queue, time: time) {
            try await queue.close()
            return try self.subject(on: address, time: time)
        }
    }
}

/// Runs `body` with one server; `settings` are lines of its configuration.
func withServer(_ settings: [String] = [], _ body: (Stage, RedisProcess) async throws -> Void) async throws {
    try await withStage { stage in try await body(stage, try await stage.server(settings)) }
}
#endif
