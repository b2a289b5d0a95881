import Foundation
import ServiceLifecycle
import SojournCore

/// Ends when standard input does: the process that started this one holds the other end of the pipe, and whatever ends
/// it closes that.
struct ParentWatch: Service {
    func run() async throws {
        await cancelWhenGracefulShutdown {
            let ended = OneShot()
            let input = FileHandle.standardInput
            input.readabilityHandler = { handle in
                guard handle.availableData.isEmpty else { return }
                handle.readabilityHandler = nil
                ended.fire()
            }
            await ended.wait()
            input.readabilityHandler = nil
        }
    }
}
