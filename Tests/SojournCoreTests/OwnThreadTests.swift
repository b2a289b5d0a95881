import Foundation
import SojournCore
import SojournModel
import SojournTestKit
import Testing

@Suite("Own thread", .timeLimit(.minutes(1))) struct OwnThreadTests {
    @Test func itsLoopGoesOnWhileHandlersOccupyTheSharedPool() async {
        let thread = OwnThread("test")
        let time = SystemTime()
        let done = Counter()
        let end = time.now().advanced(by: .seconds(10))
        let isInTime = await withTaskGroup(of: Bool.self) { group in
            group.addTask(executorPreference: thread) {
                for _ in 0..<5 { try? await time.sleep(for: .milliseconds(1)) }
                done.increment()
                return true
            }
            for _ in 0..<ProcessInfo.processInfo.activeProcessorCount {
                group.addTask {
                    while done.value == 0, time.now() < end {}
                    return done.value == 1
                }
            }
            return await group.allSatisfy { $0 }
        }
        #expect(isInTime)
    }
}
