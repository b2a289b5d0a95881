import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Ports that nobody listens on, below those that the system gives to outgoing connections.
public enum FreePort {
    /// There is none.
    public struct NoneLeft: Error, CustomStringConvertible {
        /// One sentence.
        public var description: String { "there is no free port" }
    }

    private static let last = Mutex(Int.random(in: 10_000..<28_000))

    /// A port of 127.0.0.1 that was free a moment ago; no two calls of one process get the same.
    public static func next() throws(NoneLeft) -> Int {
        for _ in 0..<1000 {
            let port = last.withLock { last in
                last = last >= 31_000 ? 10_000 : last + 1
                return last
            }
            if isFree(port) { return port }
        }
        throw NoneLeft()
    }

    private static func isFree(_ port: Int) -> Bool {
        #if canImport(Glibc)
        let kind = Int32(SOCK_STREAM.rawValue)
        #else
        let kind = SOCK_STREAM
        #endif
        let socket = socket(AF_INET, kind, 0)
        guard socket >= 0 else { return false }
        defer { close(socket) }
        // As servers do: a port whose last connections linger can be listened on.
        var yes: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
