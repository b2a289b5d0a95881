import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Takes the terminal, and gives it back as it was on every way out: the usual one, `exit`, and a crash.
enum TerminalMode {
    /// The other screen, no cursor, no wrapping of long lines, marks around what is pasted.
    private static let enter = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l\u{1B}[?2004h"
    private static let crashes = [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE]

    /// Takes the terminal; false where it is none.
    static func take(input: Int32, output: Int32) -> Bool {
        var before = termios()
        guard tcgetattr(input, &before) == 0 else { return false }
        if savedMode.load(ordering: .sequentiallyConsistent) == 0 {
            let copy = UnsafeMutablePointer<termios>.allocate(capacity: 1)
            copy.initialize(to: before)
            // Never freed: a crash may need it at any time.
            savedMode.store(UInt(bitPattern: copy), ordering: .sequentiallyConsistent)
            atexit {
                restoreTerminal()
                StrayOutput.restore()
            }
            for number in crashes { signal(number, restoreAndCrash) }
        }
        var raw = before
        cfmakeraw(&raw)
        // What is written keeps its line ends; keys like Control-C come as bytes.
        raw.c_oflag |= tcflag_t(OPOST)
        guard tcsetattr(input, TCSADRAIN, &raw) == 0 else { return false }
        savedInput.store(input, ordering: .sequentiallyConsistent)
        savedOutput.store(output, ordering: .sequentiallyConsistent)
        TerminalMode.write(enter, to: output)
        return true
    }

    /// Gives the terminal back; a second time changes nothing.
    static func giveBack() { restoreTerminal() }

    /// Writes all of `text`; false where nobody reads any more.
    @discardableResult static func write(_ text: String, to output: Int32) -> Bool {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { writeBytes(output, $0) }
            if count > 0 {
                bytes = bytes.dropFirst(count)
            } else if errno == EAGAIN {
                var poller = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
                _ = poll(&poller, 1, -1)
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }

    /// The size of the terminal; 80×24 where it does not say.
    static func size(of output: Int32) -> Size {
        var window = winsize()
        guard ioctl(output, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 else {
            return Size(columns: 80, rows: 24)
        }
        return Size(columns: Int(window.ws_col), rows: Int(window.ws_row))
    }
}

/// What the handler of a crash needs, reachable without locks. The address of the terminal's mode before it was taken:
private let savedMode = Atomic<UInt>(0)
private let savedInput = Atomic<Int32>(-1)
/// -1 while the terminal is not taken.
private let savedOutput = Atomic<Int32>(-1)

/// Only calls that a signal handler may make.
private func restoreTerminal() {
    let output = savedOutput.exchange(-1, ordering: .sequentiallyConsistent)
    guard output >= 0, let mode = UnsafePointer<termios>(bitPattern: savedMode.load(ordering: .sequentiallyConsistent))
    else { return }
    // The reverse of what was entered.
    let leave: StaticString = "\u{1B}[?2026l\u{1B}[0m\u{1B}[?2004l\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l"
    _ = write(output, leave.utf8Start, leave.utf8CodeUnitCount)
    _ = tcsetattr(savedInput.load(ordering: .sequentiallyConsistent), TCSANOW, mode)
}

private func restoreAndCrash(_ number: Int32) {
    restoreTerminal()
    StrayOutput.restore()
    // The instruction that failed fails again, or the signal is raised again, and the system does the rest.
    signal(number, SIG_DFL)
    raise(number)
}

/// `write(2)`, whose name ``TerminalMode`` uses for itself.
private func writeBytes(_ output: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(output, bytes.baseAddress, bytes.count)
}
