#if Redis
import NIOCore
import NIOPosix
import Synchronization

/// Ports that nobody listens on, below those that the system gives to outgoing connections.
public enum FreePort {
    private static let last = Mutex(Int.random(in: 10_000..<28_000))

    /// A port that was free a moment ago; no two calls of one process get the same.
    public static func next() throws -> Int {
        for _ in 0..<1000 {
            let port = last.withLock { last in
                last = last >= 31_000 ? 10_000 : last + 1
                return last
            }
            if isFree(port) { return port }
        }
        throw RedisTestError("there is no free port")
    }

    private static func isFree(_ port: Int) -> Bool {
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        guard let channel = try? bootstrap.bind(host: "127.0.0.1", port: port).wait() else { return false }
        return (try? channel.close().wait()) != nil
    }
}
#endif
