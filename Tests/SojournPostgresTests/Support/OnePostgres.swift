#if Postgres
import Foundation
import Logging
import PostgresTestKit
import SojournConformance
import SojournCore
import SojournPostgres
import Synchronization
import Testing

/// One server for all tests that do not hurt it; each test has a schema of its own.
enum OnePostgres {
    private static let shared = SharedServer()
    private static let last = Mutex(0)

    static func server() async throws -> PostgresProcess { try await shared.server() }

    static func url() async throws -> String { try await server().url() }

    /// A name that no other test has.
    static func schema() -> String {
        last.withLock { last in
            last += 1
            return "test_\(last)"
        }
    }

    /// A subject in a new schema, which can be closed and opened again.
    static func withSubject(
        isPooled: Bool = false, through address: String? = nil, _ body: (ConformanceSubject) async throws -> Void
    ) async throws {
        let direct = try await url()
        let (url, schema, time) = (address ?? direct, schema(), ManualTime())
        let connections = Mutex<[PostgresConnection]>([])
        @Sendable func subject() throws -> ConformanceSubject {
            let connection = try PostgresConnection(
                url, schema: schema, connections: 8, isPooled: isPooled, clock: time, logger: .silent)
            connections.withLock { $0.append(connection) }
            return ConformanceSubject(store: connection.queue, backend: connection.queue, time: time) {
                await connection.close()
                return try subject()
            }
        }
        let first = try subject()
        try await connections.withLock { $0[0] }.migrations.apply()
        let result: Result<Void, any Error>
        do { result = .success(try await body(first)) } catch { result = .failure(error) }
        for connection in connections.withLock({ $0 }) { await connection.close() }
        try result.get()
    }
}

/// Starts the server once; it ends with this process.
private final class SharedServer: Sendable {
    private let start = Mutex<(server: PostgresProcess?, isStarting: Bool)>((nil, false))

    func server() async throws -> PostgresProcess {
        while true {
            let mustStart = start.withLock { start in
                if start.server != nil || start.isStarting { return false }
                start.isStarting = true
                return true
            }
            if mustStart {
                let server = try await PostgresProcess.start()
                start.withLock { $0 = (server, false) }
            }
            if let server = start.withLock({ $0.server }) { return server }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}

extension Logger {
    /// What goes wrong in these tests goes wrong on purpose.
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}

extension Trait where Self == ConditionTrait {
    /// Skips a test where no Postgres is installed.
    static var needsPostgres: Self { .enabled(if: PostgresProcess.isAvailable, "Postgres is not installed") }
}
#endif
