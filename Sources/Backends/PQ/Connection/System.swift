#if Postgres
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

enum Socket {
    /// Waits until the socket is ready; false if it is not after `duration`. A failure counts as ready: libpq will
    /// find out.
    static func wait(_ socket: Int32, forWriting: Bool, for duration: Duration) -> Bool {
        var descriptor = pollfd(fd: socket, events: Int16(forWriting ? POLLOUT : POLLIN), revents: 0)
        return poll(&descriptor, 1, milliseconds(duration)) != 0
    }

    /// Waits until `socket` or `other` has something, at most `duration` where there is one; `socket` may be -1, and
    /// then only `other` counts. An end or a failure counts as something to read: libpq will find out.
    static func wait(
        _ socket: Int32, forWriting: Bool, or other: Int32, for duration: Duration?
    ) -> (readable: Bool, writable: Bool, other: Bool) {
        var descriptors = [
            pollfd(fd: socket, events: Int16(forWriting ? POLLIN | POLLOUT : POLLIN), revents: 0),
            pollfd(fd: other, events: Int16(POLLIN), revents: 0),
        ]
        let count = poll(&descriptors, 2, duration.map(milliseconds) ?? -1)
        guard count > 0 else { return (count < 0 && errno != EINTR, false, false) }
        let seen = Int32(descriptors[0].revents)
        return (seen & ~POLLOUT != 0, seen & POLLOUT != 0, descriptors[1].revents != 0)
    }

    /// Rounded up, so that nobody looks in vain just before the time has come.
    private static func milliseconds(_ duration: Duration) -> Int32 {
        Int32(clamping: duration.nanoseconds / 1_000_000 + 1)
    }

    /// The same socket under another number, which no child process inherits; nil where there is none left.
    static func duplicate(_ socket: Int32) -> Int32? {
        let twin = fcntl(socket, F_DUPFD_CLOEXEC, 0)
        return twin < 0 ? nil : twin
    }

    static func close(_ socket: Int32) {
        #if canImport(Glibc)
        _ = Glibc.close(socket)
        #elseif canImport(Musl)
        _ = Musl.close(socket)
        #else
        _ = Darwin.close(socket)
        #endif
    }
}

/// Words as C wants them, valid inside `body`; the list ends with nil.
func withCStrings<T>(_ texts: [String], _ body: ([UnsafePointer<CChar>?]) -> T) -> T {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies.map { UnsafePointer($0) } + [nil])
}
#endif
