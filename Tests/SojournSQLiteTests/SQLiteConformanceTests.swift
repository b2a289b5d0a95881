#if SQLite
import Foundation
import SojournConformance
import SojournCore
import SojournSQLite
import SojournTestKit
import Testing

@Suite("SQLiteQueue conforms") struct SQLiteConformanceTests {
    @Test(arguments: ConformanceSuite.checks)
    func conforms(check: ConformanceCheck) async throws { try await run(check) }

    @Test(arguments: ConformanceSuite.claimableChecks)
    func conformsAsAClaimableStore(check: ConformanceCheck) async throws { try await run(check) }

    @Test(arguments: ConformanceSuite.durabilityChecks)
    func conformsAcrossRestarts(check: ConformanceCheck) async throws { try await run(check) }

    private func run(_ check: ConformanceCheck) async throws {
        try await TemporaryFolder.with { folder in
            try await check.run(on: try subject(in: folder, time: ManualTime()))
        }
    }

    /// A subject that can be closed and opened again, any number of times.
    private func subject(in folder: URL, time: ManualTime) throws -> ConformanceSubject {
        let queue = try SQLiteQueue(folder: folder.path, time: time)
        return ConformanceSubject(store: queue, backend: queue, time: time) {
            queue.close()
            return try subject(in: folder, time: time)
        }
    }
}
#endif
