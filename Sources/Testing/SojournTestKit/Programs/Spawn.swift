import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What the system does for a ``Child``.
///
/// Not Foundation's `Process`: on Linux, where more than some 1,350 files are open, that of Swift 6.3 reads past the
/// list of them, and what lies there may be no memory at all (swift-corelibs-foundation#5472). And its child inherits
/// the signals that the thread which starts it blocks; threads of Swift's tasks block those that ask for an end.
enum Spawn {
    /// Files and folder of a program. Both outputs go to the ends of their files.
    struct Place {
        let folder: String?
        let input: String
        let output: String
        /// Nil for the file of `output`.
        let errors: String?
        /// Nil for the variables of this process.
        let environment: [String: String]?
    }

    /// Starts `words`, in a process group of its own, with no signal blocked and none ignored.
    static func start(_ words: [String], _ place: Place) throws -> pid_t {
        #if canImport(Darwin)
        var actions: posix_spawn_file_actions_t?
        var attributes: posix_spawnattr_t?
        #else
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        let words = enter(place.folder, &actions, words)
        let appending = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&actions, 0, place.input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, place.output, appending, 0o644)
        if let errors = place.errors {
            posix_spawn_file_actions_addopen(&actions, 2, errors, appending, 0o644)
        } else {
            posix_spawn_file_actions_adddup2(&actions, 1, 2)
        }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        var flags = Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETPGROUP)
        // Sockets of a test would stay open as long as a program that it started.
        #if canImport(Darwin)
        flags |= Int32(POSIX_SPAWN_CLOEXEC_DEFAULT)
        #else
        let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { Int32($0) }
        for file in open where file > 2 { posix_spawn_file_actions_addclose(&actions, file) }
        #endif
        posix_spawnattr_setflags(&attributes, Int16(flags))
        let arguments = words.map { strdup($0) } + [nil]
        let environment = place.environment ?? ProcessInfo.processInfo.environment
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var child = pid_t()
        let code = posix_spawnp(&child, words[0], &actions, &attributes, arguments, variables)
        guard code == 0 else { throw ProgramFailure("\(words[0]): \(String(cString: strerror(code)))") }
        return child
    }

    #if canImport(Darwin)
    private static func enter(
        _ folder: String?, _ actions: inout posix_spawn_file_actions_t?, _ words: [String]
    ) -> [String] {
        if let folder { posix_spawn_file_actions_addchdir_np(&actions, folder) }
        return words
    }
    #else
    /// Swift does not see glibc's action for this.
    private static func enter(
        _ folder: String?, _ actions: inout posix_spawn_file_actions_t, _ words: [String]
    ) -> [String] { (folder.map { ["env", "-C", $0] } ?? []) + words }
    #endif

    /// Returns when the child has ended. Its number stays its own until ``reap(_:)``.
    static func awaitEnd(of child: pid_t) {
        var information = siginfo_t()
        while waitid(P_PID, id_t(child), &information, WEXITED | WNOWAIT) == -1, errno == EINTR {}
    }

    /// Takes the word of a child that has ended; its number may then be another's.
    static func reap(_ child: pid_t) -> Child.Ending {
        var status: Int32 = 0
        while waitpid(child, &status, 0) == -1 {
            // Somebody else took the word: how it ended is not known, and no success.
            if errno != EINTR { return .signal(0) }
        }
        let signal = status & 0x7f
        return signal == 0 ? .exit((status >> 8) & 0xff) : .signal(signal)
    }
}
