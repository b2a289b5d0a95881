#if Postgres
import SojournConformance
import Testing

@Suite("PostgresQueue conforms", .needsPostgres) struct PostgresConformanceTests {
    @Test(arguments: ConformanceSuite.checks + ConformanceSuite.durabilityChecks + ConformanceSuite.claimableChecks)
    func conforms(check: ConformanceCheck) async throws {
        try await OnePostgres.withSubject { subject in try await check.run(on: subject) }
    }

    /// Where every transaction may meet another session.
    @Test(.needsPgBouncer, arguments: ConformanceSuite.checks + ConformanceSuite.claimableChecks)
    func conformsBehindPgBouncer(check: ConformanceCheck) async throws {
        try await OnePostgres.withSubject(behindPgBouncer: true) { subject in try await check.run(on: subject) }
    }
}
#endif
