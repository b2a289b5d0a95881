#if Redis
import RESP
import RedisTestKit
import SojournModel
import Testing

@Suite("A cluster that moves under load", .needsRedis) struct ClusterMoveTests {
    @Test func queuesMoveToOtherNodes() async throws {
        try await withStage { stage in
            let cluster = try await RedisCluster(on: stage, nodeTimeout: 10_000)
            let application = try Application(on: cluster.address, stage)
            try await application.run {
                try await application.underLoad {
                    for key in ["{sojourn:queue-0}", "{sojourn:queue-1}", "{sojourn}", "{sojourn:queue-0}"] {
                        try await application.makesProgress(50)
                        try await cluster.moveSlot(of: key)
                        try await application.resumes()
                    }
                }
                try await application.comesToRest()
            }
            try await application.check()
        }
    }
}
#endif
