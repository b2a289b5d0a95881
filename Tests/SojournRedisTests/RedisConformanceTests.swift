#if Redis
import SojournConformance
import SojournCore
import Testing

@Suite("RedisQueue conforms", .needsRedis) struct RedisConformanceTests {
    @Test(arguments: ConformanceSuite.checks)
    func conforms(check: ConformanceCheck) async throws {
        try await withServer { stage in try await check.run(on: try stage.subject(time: ManualTime())) }
    }

    @Test(arguments: ConformanceSuite.durabilityChecks)
    func conformsAcrossRestarts(check: ConformanceCheck) async throws {
        try await withServer { stage in try await check.run(on: try stage.subject(time: ManualTime())) }
    }
}
#endif
