#if Postgres
import SojournConformance
import Testing

@Suite("PostgresQueue conforms", .needsPostgres) struct PostgresConformanceTests {
    @Test(arguments: ConformanceSuite.checks + ConformanceSuite.durabilityChecks + ConformanceSuite.claimableChecks)
    func conforms(check: ConformanceCheck) async throws {
        try await OnePostgres.withSubject { subject in try await check.run(on: subject) }
    }

    /// As behind a PgBouncer in transaction mode: nothing is kept in a session.
    @Test(arguments: ConformanceSuite.checks)
    func conformsWithoutSessions(check: ConformanceCheck) async throws {
        try await OnePostgres.withSubject(isPooled: true) { subject in try await check.run(on: subject) }
    }
}
#endif
