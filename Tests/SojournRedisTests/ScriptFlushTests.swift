#if Redis
import RESP
import RedisTestKit
import Testing

@Suite("Scripts forgotten under load", .needsRedis) struct ScriptFlushTests {
    @Test func nobodyNotices() async throws {
        try await withServer { stage, server in
            let application = try Application(on: server.address, stage)
            let other = try stage.client(server.address)
            try await application.run {
                try await application.underLoad {
                    for _ in 0..<100 {
                        _ = try await other.send(Command("SCRIPT", key: nil, "FLUSH"))
                        try await application.makesProgress(1)
                    }
                }
                try await application.comesToRest()
            }
            try await application.check()
            #expect(application.history.refusals.isEmpty)
            #expect(application.log.lines.isEmpty)
            #expect(application.history.succeeded > 100)
        }
    }
}
#endif
