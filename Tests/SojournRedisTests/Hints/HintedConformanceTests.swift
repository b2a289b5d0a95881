#if Redis && SQLite
import Foundation
import Logging
import RESP
import RedisTestKit
import SojournConformance
import SojournCore
import SojournRedis
import SojournSQLite
import SojournTestKit
import Synchronization
import Testing

@Suite("HintedQueue conforms", .needsRedis) struct HintedConformanceTests {
    @Test(arguments: ConformanceSuite.checks + ConformanceSuite.durabilityChecks)
    func conforms(check: ConformanceCheck) async throws {
        let complaints = Complaints()
        try await withOneServer { stage in
            try await run(check, complaints) { RedisHints(try stage.client(), time: $0, patience: .seconds(30)) }
        }
        #expect(complaints.all == [])
    }

    @Test(arguments: ConformanceSuite.checks + ConformanceSuite.durabilityChecks)
    func conformsWithoutRedis(check: ConformanceCheck) async throws {
        let nobody = RedisAddress(.single(.host("127.0.0.1", port: try FreePort.next())))
        let client = try RedisClient(nobody, logger: .quiet)
        try await run(check, Complaints()) { RedisHints(client, time: $0, patience: .milliseconds(1)) }
        await client.shutdown()
    }

    private func run(
        _ check: ConformanceCheck, _ complaints: Complaints,
        _ hints: @escaping @Sendable (ManualTime) throws -> RedisHints
    ) async throws {
        try await TemporaryFolder.with { folder in
            try await check.run(on: try subject(in: folder, time: ManualTime(), complaints, hints))
        }
    }

    /// A subject that can be closed and opened again, any number of times.
    private func subject(
        in folder: URL, time: ManualTime, _ complaints: Complaints,
        _ hints: @escaping @Sendable (ManualTime) throws -> RedisHints
    ) throws -> ConformanceSubject {
        let store = try SQLiteQueue(folder: folder.path, time: time)
        let logger = Logger(label: "test") { _ in complaints.handler }
        let queue = HintedQueue(store: store, hints: try hints(time), time: time, logger: logger)
        return ConformanceSubject(store: queue, backend: queue, time: time) {
            store.close()
            return try subject(in: folder, time: time, complaints, hints)
        }
    }
}

/// What was logged as a warning: that the hints are out of reach, so that nothing is proved about them.
private final class Complaints: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    var handler: Handler { Handler(complaints: self) }

    struct Handler: LogHandler {
        let complaints: Complaints
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .warning

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { complaints.lines.withLock { $0.append("\(event.message)") } }
    }
}
#endif
