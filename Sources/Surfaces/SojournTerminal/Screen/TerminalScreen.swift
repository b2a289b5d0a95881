import SojournCore
import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The terminal that this process runs on: shows frames, and tells of keys and changes of size.
public final class TerminalScreen: Sendable {
    /// Something that comes from the terminal.
    enum Input: Equatable, Sendable {
        case key(Key)
        case resized(Size)
        /// A line that was meant for standard error.
        case said(String)
        /// The process goes on after it was stopped.
        case continued
        /// Somebody wants the process to stop for a while.
        case suspended
        /// Somebody wants the process to end, or the terminal is gone.
        case ended
    }

    /// How long an Escape waits for the rest of a sequence, in milliseconds.
    private static let escapePatience: Int32 = 50
    /// How often a process in the background sees whether it has come back, in milliseconds: not every shell tells it.
    private static let backgroundPatience: Int32 = 500

    /// Whether colours are wanted (https://no-color.org).
    public let hasColours: Bool
    private let input: Int32
    private let output: Int32
    private let signals: SignalPipe
    private let stray: StrayOutput?
    private let shown = Mutex<Frame?>(nil)

    /// Whether there is a terminal that can show more than lines.
    public static var isPossible: Bool {
        guard isatty(STDOUT_FILENO) == 1 else { return false }
        return !["", "dumb"].contains(variable("TERM"))
    }

    /// Takes the terminal; nil where there is none. It is given back by ``close()``, and however the process ends.
    public init?() {
        let input = isatty(STDIN_FILENO) == 1 ? STDIN_FILENO : open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard input >= 0, let signals = SignalPipe() else { return nil }
        guard TerminalMode.take(input: input, output: STDOUT_FILENO) else {
            signals.close()
            return nil
        }
        self.input = input
        self.output = STDOUT_FILENO
        self.signals = signals
        stray = StrayOutput()
        hasColours = TerminalScreen.variable("NO_COLOR").isEmpty
    }

    /// Gives the terminal back.
    public func close() {
        TerminalMode.giveBack()
        stray?.close()
        signals.close()
    }

    var size: Size { TerminalMode.size(of: output) }

    /// Shows a frame, by writing what has changed.
    func show(_ frame: Frame) {
        let text = shown.withLock { shown in
            defer { shown = frame }
            return shown.map { FrameChanges.between($0, frame) } ?? FrameChanges.whole(frame)
        }
        if !text.isEmpty { TerminalMode.write(text, to: output) }
    }

    /// Draws the next frame as a whole, whatever the terminal shows.
    func forget() { shown.withLock { $0 = nil } }

    /// Gives the terminal back and stops the process, and its group, until somebody continues it.
    func suspend() {
        TerminalMode.giveBack()
        signal(SIGTSTP, SIG_DFL)
        kill(0, SIGTSTP)
    }

    /// Takes the terminal again after the process was stopped; false where it goes on in the background, without one.
    func resume() -> Bool {
        signals.watch()
        guard holdsTerminal else { return false }
        forget()
        return TerminalMode.take(input: input, output: output)
    }

    /// Tells of everything that comes from the terminal until the surrounding task is cancelled or the terminal is
    /// gone. On a thread of its own, because it blocks.
    func listen(_ tell: @escaping @Sendable (Input) -> Void) async {
        await withTaskExecutorPreference(OwnThread("sojourn.keys")) {
            await withTaskCancellationHandler {
                await self.wait(tell)
            } onCancel: {
                self.signals.wake()
            }
        }
    }

    @concurrent private func wait(_ tell: (Input) -> Void) async {
        var parser = KeyParser()
        var held = true
        while !Task.isCancelled {
            let holds = holdsTerminal
            if holds, !held { tell(.continued) }
            held = holds
            // Keys belong to whoever holds the terminal; a descriptor below zero is not waited for.
            var sources = [holds ? input : -1, signals.reader, stray?.reader ?? -1].map {
                pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
            }
            let patience = holds ? -1 : TerminalScreen.backgroundPatience
            let ready = poll(&sources, 3, parser.isWaiting ? TerminalScreen.escapePatience : patience)
            if ready == 0 { parser.timeOut().forEach { tell(.key($0)) } }
            if sources[1].revents != 0 { signals.drain().compactMap(meaning).forEach(tell) }
            if sources[2].revents != 0, let line = stray?.lastLine() { tell(.said(line)) }
            guard sources[0].revents != 0 else { continue }
            guard let bytes = read() else { return tell(.ended) }
            parser.read(bytes).forEach { tell(.key($0)) }
        }
    }

    /// Whether this process is in the foreground. A terminal that controls no session belongs to whoever has it open.
    private var holdsTerminal: Bool {
        let group = tcgetpgrp(input)
        return group < 0 || group == getpgrp()
    }

    /// nil where the terminal is gone.
    private func read() -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 1_024)
        let count = readBytes(input, &bytes)
        if count < 0, errno == EINTR || errno == EAGAIN { return [] }
        return count > 0 ? Array(bytes.prefix(count)) : nil
    }

    private func meaning(of number: Int32) -> Input? {
        switch number {
        case SIGWINCH: .resized(size)
        case SIGCONT: .continued
        case SIGTSTP: .suspended
        case SIGINT, SIGTERM, SIGHUP: .ended
        default: nil
        }
    }

    private static func variable(_ name: String) -> String { getenv(name).map { String(cString: $0) } ?? "" }
}

/// `read(2)`, whose name ``TerminalScreen`` uses for itself.
private func readBytes(_ input: Int32, _ bytes: inout [UInt8]) -> Int { read(input, &bytes, bytes.count) }
