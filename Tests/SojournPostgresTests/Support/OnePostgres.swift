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
    private static let oneServer = Shared<PostgresProcess>()
    private static let oneBouncer = Shared<PgBouncerProcess>()
    private static let last = Mutex(0)

    static func server() async throws -> PostgresProcess { try await oneServer.value { try await .start() } }

    static func url() async throws -> String { try await server().url() }

    /// A PgBouncer in transaction mode before it, whose clients share four sessions.
    static func bouncer() async throws -> PgBouncerProcess {
        let server = try await server()
        return try await oneBouncer.value { try await .start(before: server) }
    }

    /// A name that no other test has.
    static func schema() -> String {
        last.withLock { last in
            last += 1
            return "test_\(last)"
        }
    }

    /// A subject in a new schema, which can be closed and opened again.
    static func withSubject(
        behindPgBouncer isPooled: Bool = false, _ body: (ConformanceSubject) async throws -> Void
    ) async throws {
        let url = isPooled ? try await bouncer().url : try await url()
        let (schema, time) = (schema(), ManualTime())
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

/// Something that is made by the first who asks for it, and ends with this process.
private final class Shared<Value: Sendable>: Sendable {
    private let state = Mutex<(value: Value?, isMaking: Bool)>((nil, false))

    func value(_ make: () async throws -> Value) async throws -> Value {
        while true {
            let mustMake = state.withLock { state in
                if state.value != nil || state.isMaking { return false }
                state.isMaking = true
                return true
            }
            if mustMake {
                do {
                    let value = try await make()
                    state.withLock { $0 = (value, false) }
                } catch {
                    state.withLock { $0 = (nil, false) }
                    throw error
                }
            }
            if let value = state.withLock({ $0.value }) { return value }
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
    /// Skips a test where no PgBouncer is installed.
    static var needsPgBouncer: Self { .enabled(if: PgBouncerProcess.isAvailable, "PgBouncer is not installed") }
}
#endif
