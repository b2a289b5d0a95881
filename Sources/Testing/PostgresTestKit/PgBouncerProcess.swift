import Foundation
import SojournTestKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A real PgBouncer in transaction mode before a ``PostgresProcess``: every transaction may meet another session of the
/// server.
///
/// Always ``stop()`` it. On Linux the kernel ends it with this process, whatever happens.
public final class PgBouncerProcess: Sendable {
    /// The TCP port on 127.0.0.1.
    public let port: Int
    private let folder: String
    private let daemon = Daemon()

    /// Whether there is a PgBouncer on this machine.
    public static var isAvailable: Bool { findBinary() != nil }

    /// Starts one.
    ///
    /// - Parameter sessions: How many sessions of the server the clients share.
    public static func start(before server: PostgresProcess, sessions: Int = 4) async throws -> PgBouncerProcess {
        try await onThread {
            let bouncer = try PgBouncerProcess()
            do { try bouncer.start(before: server, sessions: sessions) } catch {
                bouncer.stopNow()
                throw error
            }
            return bouncer
        }
    }

    /// `postgres://…` of the database behind it.
    public var url: String { "postgres://postgres@127.0.0.1:\(port)/postgres" }

    /// Ends it at once and removes its folder.
    public func stop() async { try? await onThread { self.stopNow() } }

    private init() throws {
        port = try FreePort.next()
        folder = try Daemon.makeFolder("pgbouncer")
    }

    private func start(before server: PostgresProcess, sessions: Int) throws {
        guard let binary = Self.findBinary() else { throw ProgramFailure("There is no PgBouncer.") }
        let lines = [
            "[databases]", "* = host=127.0.0.1 port=\(server.port) user=postgres", "[pgbouncer]",
            "listen_addr = 127.0.0.1",
            "listen_port = \(port)", "unix_socket_dir =", "auth_type = any", "pool_mode = transaction",
            "default_pool_size = \(sessions)", "max_client_conn = 1000", "logfile = \(folder)/log",
            "pidfile = \(folder)/pid",
            // A server that comes back is asked again at once, not after the usual fifteen seconds.
            "server_login_retry = 1",
        ]
        try lines.joined(separator: "\n").write(toFile: folder + "/pgbouncer.ini", atomically: false, encoding: .utf8)
        chmod(folder + "/pgbouncer.ini", 0o644)
        try daemon.start([binary, "-q", folder + "/pgbouncer.ini"], log: folder + "/output")
        var isReady = false
        _ = Patience.wait(tries: 500) {
            let log = (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? ""
            isReady = log.contains("process up")
            return isReady || daemon.hasEnded
        }
        if isReady { return }
        let said = (try? String(contentsOfFile: folder + "/output", encoding: .utf8)) ?? ""
        throw ProgramFailure("PgBouncer did not start: \(said)")
    }

    private func stopNow() {
        daemon.end([(SIGINT, 1), (SIGKILL, 5)])
        try? FileManager.default.removeItem(atPath: folder)
    }

    private static func findBinary() -> String? {
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return (path + ["/usr/sbin", "/opt/homebrew/bin"]).map { $0 + "/pgbouncer" }.first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
    }
}
