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
