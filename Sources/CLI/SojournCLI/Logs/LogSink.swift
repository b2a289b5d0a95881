import SojournCore
import SojournModel
import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Writes whole lines, and never waits long for a reader that has stopped reading: tasks matter more than their log.
///
/// Once a reader has stalled, lines are dropped and counted until it reads again, and for a while it is not waited for:
/// one that reads a little now and then would hold up everybody who logs.
final class LogSink: Sendable {
    private struct State {
        var stalledAt: Timestamp?
        var isInsideLine = false
        var dropped = 0
    }

    /// POSIX promises that a pipe which is ready takes this much without waiting.
    private static let piece = 512
    /// The longest wait for a reader who was reading until now, in milliseconds.
    private static let patience: Int32 = 200
    /// How long a reader who has stalled is not waited for.
    private static let distrust: Duration = .seconds(1)

    private let descriptor: Int32
    private let time: any TimeSource
    private let state = Mutex(State())

    init(descriptor: Int32 = STDERR_FILENO, time: any TimeSource = SystemTime()) {
        self.descriptor = descriptor
        self.time = time
    }

    /// Writes `line`, to which an end of line is added. `dropNote` makes the line that tells of dropped ones.
    func write(_ line: [UInt8], dropNote: (Int) -> [UInt8]) {
        state.withLock { state in
            let isRecovering = state.dropped > 0
            if isRecovering {
                let note = dropNote(state.dropped)
                guard put(note, &state) else { return state.dropped += 1 }
                state.dropped = 0
            }
            if !put(line, &state) { state.dropped += 1 }
        }
    }

    private func put(_ line: [UInt8], _ state: inout State) -> Bool {
        let lineEnd = UInt8(ascii: "\n")
        var rest = ((state.isInsideLine ? [lineEnd] : []) + line + [lineEnd])[...]
        while !rest.isEmpty {
            guard isReady(within: state.stalledAt == nil ? Self.patience : 0) else {
                state.stalledAt = time.now()
                return false
            }
            if let stall = state.stalledAt, time.now().duration(since: stall) >= Self.distrust { state.stalledAt = nil }
            let count = rest.prefix(Self.piece).withUnsafeBytes { writeBytes(descriptor, $0) }
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
            state.isInsideLine = !rest.isEmpty
        }
        return true
    }

    private func isReady(within milliseconds: Int32) -> Bool {
        var poller = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&poller, 1, milliseconds) > 0
    }
}

/// `write(2)`, whose name ``LogSink`` uses for itself.
private func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress, bytes.count)
}
