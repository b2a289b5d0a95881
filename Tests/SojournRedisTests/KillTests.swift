#if Redis
import RedisTestKit
import Testing

@Suite("Redis killed under load", .needsRedis) struct KillTests {
    /// SOJOURN_FAULT_ROUNDS sets the number of kills.
    private static let rounds = FaultRounds.count(3)

    /// What Redis has answered is in the system's hands by then, and survives the death of the process; where it writes
    /// once a second that is true unless the disk is busy at that moment.
    @Test(.timeLimit(.minutes(30)), arguments: AppendOnly.allCases)
    func theWorkerGoesOnByItself(policy: AppendOnly) async throws {
        try await withServer(policy.settings) { stage, server in
            let application = try Application(on: server.address, stage)
            var pauses: [Duration] = []
            try await application.run {
                try await application.underLoad {
                    for round in 0..<Self.rounds {
                        try await application.makesProgress(100)
                        server.kill()
                        // Not a wait for something to happen: how long it is away is the random input of the test.
                        let longest = round % 10 == 9 ? 8_000 : round % 3 == 0 ? 1_500 : 300
                        try await Task.sleep(for: .milliseconds(Int.random(in: 0...longest)))
                        try server.start()
                        try await server.isUp()
                        pauses.append(try await application.resumes())
                    }
                }
                try await application.comesToRest()
            }
            let lost = try await application.check(allowsLoss: policy == .everysec)
            let accepted = application.history.accepted.count
            print(
                """
                \(Self.rounds) kills of Redis with appendfsync \(policy): \(accepted) tasks accepted, \(lost.count) \
                lost, \(application.history.again.count) run again; back at work after \(pauses.max() ?? .zero) at most
                """)
            #expect(!application.history.refusals.isEmpty || !application.log.lines.isEmpty)
        }
    }
}
#endif
