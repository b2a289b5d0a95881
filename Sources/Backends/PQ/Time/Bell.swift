#if Postgres
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Wakes a thread that waits in `poll`: a pipe, into which whoever wants something puts a byte.
struct Bell: Sendable {
    /// What the thread waits for, until it is readable.
    let listener: Int32
    private let rope: Int32

    /// Nil where the process may open nothing more.
    init?() {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK)
        }
        (listener, rope) = (ends[0], ends[1])
    }

    func ring() {
        var byte: UInt8 = 0
        _ = write(rope, &byte, 1)
    }

    /// Takes out what one ``ring()`` has put in.
    func silence() {
        var byte: UInt8 = 0
        _ = read(listener, &byte, 1)
    }

    func close() {
        Socket.close(listener)
        Socket.close(rope)
    }
}
#endif
