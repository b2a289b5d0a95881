import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A server process that refuses to run as root. On Linux the kernel ends it with this process, whatever happens.
final class Daemon: Sendable {
    private let child = Mutex<pid_t?>(nil)
    private let ended = Mutex(true)

    /// The process, while it is meant to run.
    var processID: pid_t? { child.withLock { $0 } }
    /// Whether it does not run, also where nobody asked it to end.
    var hasEnded: Bool { ended.withLock { $0 } }

    /// Starts `words`; what it prints goes to the end of `log`. It blocks its thread until the process is there.
    func start(_ words: [String], log: String) throws {
        let words = Self.asUser(words, diesWithUs: true)
        let box = StartBox()
        // The kernel ends the process with the thread that started it, so that thread must live as long.
        Thread.detachNewThread {
            let result = Result { try Spawn.start(words, output: log) }
            if case .success(let child) = result {
                self.ended.withLock { $0 = false }
                self.child.withLock { $0 = child }
            }
            box.result.withLock { $0 = result }
            if case .success(let child) = result { _ = Spawn.wait(child) }
            self.ended.withLock { $0 = true }
        }
        _ = Patience.wait(tries: 1_000) { box.result.withLock { $0 != nil } }
        _ = try box.result.withLock { $0 }?.get()
    }

    /// Sends one signal after the other until the process has ended. It blocks its thread.
    func end(_ signals: [(signal: Int32, patience: Int)]) {
        guard let child = child.withLock({ $0.take() }) else { return }
        for (signal, patience) in signals {
            if hasEnded { return }
            Self.send(signal, to: child)
            if Patience.wait(tries: patience, until: { hasEnded }) { return }
        }
    }

    static func send(_ signal: Int32, to process: pid_t) {
        #if canImport(Glibc)
        _ = Glibc.kill(process, signal)
        #elseif canImport(Musl)
        _ = Musl.kill(process, signal)
        #else
        _ = Darwin.kill(process, signal)
        #endif
    }

    /// What runs `words` as the user of PostgreSQL where we are root.
    static func asUser(_ words: [String], diesWithUs: Bool = false) -> [String] {
        let setpriv = "/usr/bin/setpriv"
        guard FileManager.default.isExecutableFile(atPath: setpriv) else { return words }
        let user = geteuid() == 0 ? ["--reuid=postgres", "--regid=postgres", "--clear-groups"] : []
        let death = diesWithUs ? ["--pdeathsig", "KILL"] : []
        return user.isEmpty && death.isEmpty ? words : [setpriv] + user + death + words
    }

    /// Makes a folder that this user may write to.
    static func makeFolder(_ name: String) throws -> String {
        var template = Array((NSTemporaryDirectory() + "/\(name)-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw Spawn.Failure(description: "There is no temporary folder.") }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        own(folder)
        return folder
    }

    /// Gives a folder to this user.
    static func own(_ folder: String) {
        if geteuid() == 0, let user = getpwnam("postgres") { chown(folder, user.pointee.pw_uid, user.pointee.pw_gid) }
        chmod(folder, 0o755)
    }

    private final class StartBox: Sendable {
        let result = Mutex<Result<pid_t, any Error>?>(nil)
    }
}
