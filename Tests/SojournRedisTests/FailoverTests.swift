#if Redis
import Foundation
import RESP
import RedisTestKit
import SojournTestKit
import Testing

@Suite("Redis fails over under load", .needsRedis) struct FailoverTests {
    /// SOJOURN_FAULT_ROUNDS sets the number of failovers, half of them planned, half after a `kill -9` of the master.
    private static let rounds = FaultRounds.count(2)

    /// Redis alone keeps what the new master has: what the old one answered last, and what it answered until its
    /// clients saw that it was replaced, is gone. All the rest comes to its end, and the counts agree with it.
    ///
    /// On demand: on two busy cores sentinels may take longer to agree than a run of all tests should wait.
    @Test(
        .enabled(if: ProcessInfo.processInfo.environment["SOJOURN_FAULT_ROUNDS"] != nil), .timeLimit(.minutes(30))
    )
    func theWorkerFindsTheNewMaster() async throws {
        try await withStage { stage in
            let set = try await SentinelSet(on: stage)
            let application = try Application(on: try set.address(), stage)
            var pauses: [Duration] = []
            try await application.run {
                try await application.underLoad {
                    for round in 0..<Self.rounds {
                        try await set.isSettled()
                        try await application.makesProgress(100)
                        let old = try await set.roles().master
                        if round % 2 == 0 { try await set.failOver() } else { try await lose(set, application) }
                        pauses.append(try await application.resumes())
                        if round % 2 == 1 { try old.start() }
                    }
                }
                try await application.comesToRest()
            }
            let lost = try await application.check(allowsLoss: true)
            let history = application.history
            print(
                """
                \(Self.rounds) failovers: \(history.accepted.count) tasks accepted, \(lost.count) lost, \
                \(history.again.count) run again; back at work after \(pauses.max() ?? .zero) at most
                """)
        }
    }

    /// The master dies while its replica is behind.
    private func lose(_ set: SentinelSet, _ application: Application) async throws {
        let (master, replica) = try await set.roles()
        replica.freeze()
        try await application.makesProgress(20)
        master.kill()
        replica.thaw()
        try await set.hasMoved(from: master.port)
    }
}
#endif
