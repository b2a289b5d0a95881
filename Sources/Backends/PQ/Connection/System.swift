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
        let milliseconds = max(1, min(1_000, duration.nanoseconds / 1_000_000))
        return poll(&descriptor, 1, Int32(milliseconds)) != 0
    }
}

/// Words as C wants them, valid inside `body`; the list ends with nil.
func withCStrings<T>(_ texts: [String], _ body: ([UnsafePointer<CChar>?]) -> T) -> T {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies.map { UnsafePointer($0) } + [nil])
}
#endif
