import Foundation
import ServiceLifecycle
import SojournCore

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Asks this process to stop when standard input ends: the process that started it holds the other end of the pipe, and
/// whatever ends that one closes it.
struct ParentWatch: Service {
    func run() async throws {
        await cancelWhenGracefulShutdown {
            let ended = OneShot()
            let input = FileHandle.standardInput
            input.readabilityHandler = { handle in
                guard handle.availableData.isEmpty else { return }
                handle.readabilityHandler = nil
                // The way that every stop takes, with its deadline.
                kill(getpid(), SIGTERM)
            }
            await ended.wait()
            input.readabilityHandler = nil
        }
    }
}
