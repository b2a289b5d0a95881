import SojournCore
import SojournModel
import Synchronization

/// Where all the code of one simulated process runs: a piece at a time, when the scheduler says so.
package final class Track: TaskExecutor {
    /// Different for every track of a world.
    package let number: Int
    private let scheduler: Scheduler
    private let open = Mutex(0)

    /// A track of its own.
    package init(_ number: Int, of scheduler: Scheduler) {
        self.number = number
        self.scheduler = scheduler
    }

    /// Takes a piece of a task to run later.
    package func enqueue(_ job: consuming ExecutorJob) {
        scheduler.enqueue(Scheduler.Ready(job: UnownedJob(job), track: self))
    }

    /// How many of the tasks that were started here have not ended.
    package var running: Int { open.withLock { $0 } }

    /// Starts a task whose pieces, and whose children's, run here; what cancels it. The way into a world from outside
    /// of it.
    @discardableResult
    package func start(_ body: @escaping @Sendable () async -> Void) -> @Sendable () -> Void {
        open.withLock { $0 += 1 }
        let task = Task(executorPreference: self) {
            await body()
            self.open.withLock { $0 -= 1 }
        }
        return { task.cancel() }
    }
}
