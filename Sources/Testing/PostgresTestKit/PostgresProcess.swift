import Foundation
import SojournTestKit
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A real PostgreSQL server in a temporary folder, for tests. It listens on 127.0.0.1 and on a socket in its folder.
///
/// Always ``stop()`` it. On Linux the kernel ends it with this process, whatever happens.
public final class PostgresProcess: Sendable {
    /// The TCP port on 127.0.0.1.
    public let port: Int
    /// Where data, socket and log are.
    public let folder: String
    private let binaries: String
    private let daemon = Daemon()
    private let hasDisk: Bool
    private let frozen = Mutex<[pid_t]>([])

    /// Whether there is a PostgreSQL on this machine.
    public static var isAvailable: Bool { findBinaries() != nil }

    /// Makes a new cluster and starts it.
    ///
    /// - Parameters:
    ///   - authentication: What TCP connections must do: `trust` or `scram-sha-256`. The socket always trusts.
    ///   - isEncrypted: Whether the server offers TLS, with a certificate that it signed itself.
    ///   - settings: Lines for `postgresql.conf`.
    ///   - megabytes: The size of a disk of its own; see ``canHaveDisk``.
    public static func start(
        authentication: String = "trust", isEncrypted: Bool = false, settings: [String] = [],
        onDiskOf megabytes: Int? = nil
    ) async throws -> PostgresProcess {
        try await onThread {
            let server = try PostgresProcess(onDiskOf: megabytes)
            do {
                try server.makeCluster(authentication: authentication, settings: settings)
                if isEncrypted { try server.makeCertificate() }
                try server.startServer()
            } catch {
                server.stopNow()
                throw error
            }
            return server
        }
    }

    /// `postgres://…` over TCP.
    public func url(user: String = "postgres", password: String? = nil, database: String = "postgres") -> String {
        "postgres://\(user)\(password.map { ":" + $0 } ?? "")@127.0.0.1:\(port)/\(database)"
    }

    /// The same server over its unix socket.
    public var socketURL: String { "host=\(folder) port=\(port) user=postgres dbname=postgres" }

    /// Runs SQL through psql and returns what it prints, without heads and frames.
    @discardableResult
    public func psql(_ sql: String, database: String = "postgres") async throws -> String {
        let words = [
            "\(binaries)/psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", folder, "-p", "\(port)", "-U",
            "postgres", "-d", database, "-c", sql,
        ]
        let text = try await onThread { try Child.run(words) }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Ends the server at once, as a crash would, and keeps its data.
    public func kill() async throws { try await onThread { self.end() } }

    /// Starts a server that was ended, on the same port.
    public func startAgain() async throws { try await onThread { try self.startServer() } }

    /// Ends it at once and starts it again.
    public func restart() async throws {
        try await kill()
        try await startAgain()
    }

    /// Stops the server and its sessions in their tracks: it is there, but does not say a word until ``thaw()``.
    public func freeze() async throws {
        let sessions = try await psql("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        let all =
            sessions.split(whereSeparator: \.isWhitespace).compactMap { pid_t($0) }
            + (daemon.processID.map { [$0] } ?? [])
        frozen.withLock { $0 = all }
        for one in all { Daemon.send(SIGSTOP, to: one) }
    }

    /// Lets the server go on.
    public func thaw() {
        let all = frozen.withLock { frozen in
            defer { frozen = [] }
            return frozen
        }
        for one in all { Daemon.send(SIGCONT, to: one) }
    }

    /// Ends it at once and removes its folder.
    public func stop() async { try? await onThread { self.stopNow() } }

    /// What the server has written to its log so far.
    public var log: String { (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? "" }

    /// Whether the server runs.
    public var isRunning: Bool { !daemon.hasEnded }

    private init(onDiskOf megabytes: Int?) throws {
        guard let binaries = Self.findBinaries() else { throw ProgramFailure("There is no PostgreSQL.") }
        self.binaries = binaries
        port = try FreePort.next()
        folder = try Daemon.makeFolder("pq")
        hasDisk = megabytes != nil
        if let megabytes {
            try Self.mount(megabytes: megabytes, at: folder)
            Daemon.own(folder)
        }
    }

    private func makeCluster(authentication: String, settings: [String]) throws {
        let make = ["\(binaries)/initdb", "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "-D", data]
        try Child.run(make, as: Daemon.user)
        let lines = [
            "listen_addresses = '127.0.0.1'", "port = \(port)", "unix_socket_directories = '\(folder)'",
            "fsync = off", "max_connections = 100", "shared_buffers = 32MB", "password_encryption = 'scram-sha-256'",
        ]
        try Self.append((lines + settings).joined(separator: "\n") + "\n", to: data + "/postgresql.conf")
        let access = "local all all trust\nhost all all 127.0.0.1/32 \(authentication)\n"
        try FileManager.default.removeItem(atPath: data + "/pg_hba.conf")
        try Self.append(access, to: data + "/pg_hba.conf")
        chmod(data + "/pg_hba.conf", 0o644)
    }

    private func makeCertificate() throws {
        let words = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
            "2", "-subj", "/CN=localhost", "-keyout", data + "/server.key", "-out", data + "/server.crt",
        ]
        try Child.run(words, as: Daemon.user)
        try Self.append("ssl = on\n", to: data + "/postgresql.conf")
    }

    private var data: String { folder + "/data" }

    /// Starts the server and waits until it takes connections.
    private func startServer() throws {
        try daemon.start(["\(binaries)/postgres", "-D", data], log: folder + "/log")
        var isReady = false
        _ = Patience.wait(tries: 1_000) {
            let lines = (try? String(contentsOfFile: data + "/postmaster.pid", encoding: .utf8)) ?? ""
            isReady = lines.contains("ready")
            return isReady || daemon.hasEnded
        }
        if isReady { return }
        throw ProgramFailure("The server did not start: \(log)")
    }

    /// SIGQUIT is the server's immediate stop, which also ends its children; SIGKILL is for one that does not listen.
    private func end() {
        thaw()
        daemon.end([(SIGQUIT, 5), (SIGKILL, 10)])
        try? FileManager.default.removeItem(atPath: data + "/postmaster.pid")
    }

    private func stopNow() {
        end()
        if hasDisk { Self.unmount(folder) }
        try? FileManager.default.removeItem(atPath: folder)
    }

    private static func append(_ text: String, to path: String) throws {
        var old = (try? Data(contentsOf: URL(fileURLWithPath: path))) ?? Data()
        old.append(Data(text.utf8))
        try old.write(to: URL(fileURLWithPath: path))
    }

    private static func findBinaries() -> String? {
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        let debian = versions.sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }.map { "/usr/lib/postgresql/\($0)/bin" }
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return (debian + ["/opt/homebrew/opt/postgresql/bin"] + path).first { folder in
            ["initdb", "postgres", "psql"].allSatisfy {
                FileManager.default.isExecutableFile(atPath: folder + "/" + $0)
            }
        }
    }
}
