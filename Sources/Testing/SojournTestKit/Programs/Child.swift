import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Why a program of a test did not start, or did not end well.
public struct ProgramFailure: Error, Sendable, CustomStringConvertible {
    /// One sentence.
    public let description: String

    /// A failure with its sentence.
    public init(_ description: String) { self.description = description }
}

/// A program that runs beside a test. On Linux the kernel ends it with this process, whatever happens.
public final class Child: Sendable {
    /// How a program ended.
    public enum Ending: Equatable, Sendable {
        /// By itself, with a status.
        case exit(Int32)
        /// By a signal.
        case signal(Int32)
    }

    /// Its process number.
    public let pid: Int32
    private let end: Awaited<Ending>

    /// Starts `words`. It blocks its thread until there is a process; one whose program is missing ends with 127.
    ///
    /// - Parameters:
    ///   - folder: Where it works; nil where this process does.
    ///   - environment: All its variables; nil for those of this process.
    ///   - input: The file that it reads from.
    ///   - output: The file to whose end it writes.
    ///   - errors: The same for its standard error; nil where that goes to `output`.
    ///   - user: Whose rights it has where this process is root's.
    public init(
        _ words: [String], in folder: String? = nil, environment: [String: String]? = nil,
        input: String = "/dev/null", output: String = "/dev/null", errors: String? = nil, as user: String? = nil
    ) throws {
        let place = Spawn.Place(
            folder: folder, input: input, output: output, errors: errors, environment: environment)
        let words = Self.boundToUs(words, as: user)
        let (start, end) = (Awaited<Result<Int32, any Error>>(), Awaited<Ending>())
        // The kernel ends the program with the thread that started it, so that thread must live as long.
        Thread.detachNewThread {
            let result = Result { try Spawn.start(words, place) }
            start.bring { result }
            guard case .success(let pid) = result else { return }
            Spawn.awaitEnd(of: pid)
            // No signal goes to a number that is another's by then.
            end.bring { Spawn.reap(pid) }
        }
        pid = try start.wait().get()
        self.end = end
    }

    /// How it ended; nil while it runs.
    public var ending: Ending? { end.value }

    /// Sends it a signal, if it runs.
    public func send(_ signal: Int32) { end.whileAbsent { _ = kill(pid, signal) } }

    /// Returns when it has ended. It blocks its thread.
    @discardableResult
    public func wait() -> Ending { end.wait() }

    /// Returns when it has ended; nil if it has not within so many seconds. It blocks its thread.
    public func wait(seconds: Double) -> Ending? { end.wait(until: Date(timeIntervalSinceNow: seconds)) }

    /// Runs `words` to the end and returns what they printed to both outputs. It blocks its thread.
    ///
    /// - Throws: ``ProgramFailure`` with what they printed, where they do not end with the status 0.
    @discardableResult
    public static func run(_ words: [String], in folder: String? = nil, as user: String? = nil) throws -> String {
        let output = NSTemporaryDirectory() + "/sojourn-test-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: output) }
        let child = try Child(words, in: folder, output: output, as: user)
        let ending = child.wait()
        let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
        guard ending == .exit(0) else { throw ProgramFailure("\(words.joined(separator: " ")): \(ending): \(text)") }
        return text
    }

    /// What runs `words` as a user, and ends them with the thread that starts them.
    private static func boundToUs(_ words: [String], as user: String?) -> [String] {
        let setpriv = "/usr/bin/setpriv"
        guard FileManager.default.isExecutableFile(atPath: setpriv) else { return words }
        let user = geteuid() == 0 ? user : nil
        let rights = user.map { ["--reuid=\($0)", "--regid=\($0)", "--clear-groups"] } ?? []
        return [setpriv, "--pdeathsig", "KILL"] + rights + words
    }
}
