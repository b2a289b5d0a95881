#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// How many files and connections this process may have open.
enum OpenFiles {
    /// Raises it, as far as that needs no right: a shell allows 1,024, and the next connection would wait. Programs
    /// that a handler starts inherit it.
    static func raiseLimit() {
        // A system may refuse the first, though it says that there is no limit: macOS has one per process besides.
        for wanted: rlim_t in [65_536, 10_240] {
            var limit = rlimit()
            guard getrlimit(resource, &limit) == 0, limit.rlim_cur < wanted else { return }
            limit.rlim_cur = min(wanted, limit.rlim_max)
            if setrlimit(resource, &limit) == 0 { return }
        }
    }

    #if canImport(Glibc)
    private static var resource: __rlimit_resource_t { __rlimit_resource_t(RLIMIT_NOFILE.rawValue) }
    #else
    private static var resource: CInt { RLIMIT_NOFILE }
    #endif
}
