import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Signals as bytes that a loop can wait for together with keys: a handler may do little more than write one.
struct SignalPipe: Sendable {
    /// Signals that mean something to a program that owns the screen.
    private static let watched = [SIGWINCH, SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT]

    let reader: Int32
    private let writer: Int32

    /// Starts to watch; nil where the process has no descriptors left.
    init?() {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        (reader, writer) = (ends[0], ends[1])
        for end in ends {
            _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        signalWriter.store(writer, ordering: .sequentiallyConsistent)
        watch()
    }

    /// Watches all signals, again after one was left to the system.
    func watch() { for number in SignalPipe.watched { signal(number, noteSignal) } }

    /// Wakes who waits without a signal.
    func wake() { note(0) }

    /// What has come since the last call; 0 for a mere wake-up.
    func drain() -> [Int32] {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(reader, &bytes, bytes.count)
        return count > 0 ? bytes.prefix(count).map(Int32.init) : []
    }

    /// Leaves signals to the system again.
    func close() {
        for number in SignalPipe.watched { signal(number, SIG_DFL) }
        signalWriter.store(-1, ordering: .sequentiallyConsistent)
        closeDescriptor(reader)
        closeDescriptor(writer)
    }
}

private let signalWriter = Atomic<Int32>(-1)

private func noteSignal(_ number: Int32) {
    let before = errno
    note(UInt8(truncatingIfNeeded: number))
    errno = before
}

private func note(_ byte: UInt8) {
    var byte = byte
    let descriptor = signalWriter.load(ordering: .sequentiallyConsistent)
    if descriptor >= 0 { _ = write(descriptor, &byte, 1) }
}

/// `close(2)`, whose name ``SignalPipe`` uses for itself.
private func closeDescriptor(_ descriptor: Int32) { _ = close(descriptor) }
