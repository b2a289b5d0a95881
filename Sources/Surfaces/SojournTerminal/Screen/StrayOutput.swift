import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Standard error while the screen is taken: a warning or a bar of progress would be written across it, so it goes into
/// a pipe, and the screen says it in its last line.
struct StrayOutput: Sendable {
    let reader: Int32

    /// Takes standard error, where it is the terminal; nil where it is not, or the process has no descriptors left.
    init?() {
        guard isatty(STDERR_FILENO) == 1 else { return nil }
        let saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
        var ends: [Int32] = [-1, -1]
        guard saved >= 0, pipe(&ends) == 0 else { return nil }
        reader = ends[0]
        _ = fcntl(reader, F_SETFL, fcntl(reader, F_GETFL) | O_NONBLOCK)
        _ = fcntl(reader, F_SETFD, FD_CLOEXEC)
        dup2(ends[1], STDERR_FILENO)
        closeDescriptor(ends[1])
        savedError.store(saved, ordering: .sequentiallyConsistent)
    }

    /// The last line that was written since the last call.
    func lastLine() -> String? {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        var last: String?
        while true {
            let count = read(reader, &bytes, bytes.count)
            guard count > 0 else { return last }
            // A bar of progress writes over itself after a carriage return.
            let lines = bytes.prefix(count).split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
            if let line = lines.last { last = String(decoding: line, as: UTF8.self) }
        }
    }

    /// Gives standard error back.
    func close() {
        StrayOutput.restore()
        closeDescriptor(reader)
    }

    /// Only calls that a signal handler may make: whoever reports a crash writes there.
    static func restore() {
        let saved = savedError.exchange(-1, ordering: .sequentiallyConsistent)
        if saved >= 0 { dup2(saved, STDERR_FILENO) }
    }
}

/// The terminal behind standard error; -1 while that is not taken.
private let savedError = Atomic<Int32>(-1)

/// `close(2)`, whose name ``StrayOutput`` uses for itself.
private func closeDescriptor(_ descriptor: Int32) { _ = close(descriptor) }
