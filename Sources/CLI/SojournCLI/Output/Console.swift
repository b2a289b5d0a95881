#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Standard output for results, standard error for everything else. Unbuffered: who reads a pipe sees a line when it is
/// written.
enum Console {
    /// Whether a person sees standard output.
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    /// Whether a person sees standard error.
    static var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// A line of the result.
    static func say(_ line: String) { write(line + "\n", to: STDOUT_FILENO) }

    /// A line of the result, in bytes.
    static func say(_ line: [UInt8]) { write(line + [UInt8(ascii: "\n")], to: STDOUT_FILENO) }

    /// A part of the result without an end of line.
    static func put(_ text: String) { write(text, to: STDOUT_FILENO) }

    /// A line about the result: an error, or progress.
    static func complain(_ line: String) { write(line + "\n", to: STDERR_FILENO) }

    /// Text on standard error without an end of line.
    static func note(_ text: String) { write(text, to: STDERR_FILENO) }

    private static func write(_ text: String, to descriptor: Int32) { write(Array(text.utf8), to: descriptor) }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { writeBytes(descriptor, $0) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count < 0, errno == EAGAIN {
                var poller = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&poller, 1, -1)
            } else if count < 0, errno != EINTR {
                return  // Nobody reads any more; there is nobody to tell, either.
            }
        }
    }
}

/// `write(2)`, whose name ``Console`` uses for itself.
private func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress, bytes.count)
}
