#if Postgres
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A thread for a loop that blocks. Foundation's does not say that there was none left, and Dispatch has 255.
enum BlockingThread {
    /// Runs `body` on a thread of its own; false where the process may have no more of them.
    static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
        let context = Unmanaged.passRetained(Body(body)).toOpaque()
        guard let thread = create(context) else {
            Unmanaged<Body>.fromOpaque(context).release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    private static func create(_ context: UnsafeMutableRawPointer) -> pthread_t? {
        #if canImport(Darwin)
        var thread: pthread_t?
        return pthread_create(&thread, nil, { enter($0) }, context) == 0 ? thread : nil
        #else
        var thread = pthread_t()
        return pthread_create(&thread, nil, { enter($0) }, context) == 0 ? thread : nil
        #endif
    }
}

private final class Body: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

private func enter(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
    return nil
}
#endif
