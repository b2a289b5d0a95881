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

/// A server process that refuses to run as root, and that can be started again.
final class Daemon: Sendable {
    /// Whose rights it has where this process is root's.
    static let user = "postgres"

    private let child = Mutex<Child?>(nil)

    /// The process, while it is meant to run.
    var processID: pid_t? { child.withLock { $0?.pid } }
    /// Whether it does not run, also where nobody asked it to end.
    var hasEnded: Bool { child.withLock { $0.map { $0.ending != nil } ?? true } }

    /// Starts `words`; what it prints goes to the end of `log`. It blocks its thread until the process is there.
    func start(_ words: [String], log: String) throws {
        let new = try Child(words, output: log, as: Self.user)
        child.withLock { $0 = new }
    }

    /// Sends one signal after the other until the process has ended. It blocks its thread.
    func end(_ signals: [(signal: Int32, seconds: Double)]) {
        guard let running = child.withLock({ $0 }) else { return }
        for (signal, seconds) in signals {
            running.send(signal)
            if running.wait(seconds: seconds) != nil { return child.withLock { $0 = nil } }
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

    /// Makes a folder that this user may write to. Its path is short: a socket in it has a limit.
    static func makeFolder(_ name: String) throws -> String {
        var template = Array((NSTemporaryDirectory() + "/\(name)-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw ProgramFailure("There is no temporary folder.") }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        own(folder)
        return folder
    }

    /// Gives a folder to this user.
    static func own(_ folder: String) {
        if geteuid() == 0, let user = getpwnam(user) { chown(folder, user.pointee.pw_uid, user.pointee.pw_gid) }
        chmod(folder, 0o755)
    }
}
