import Dispatch

/// A thread for one loop that must go on while handlers occupy the shared pool.
///
/// ```swift
/// await withTaskExecutorPreference(OwnThread("sojourn.watch")) { await loop() }
/// ```
public final class OwnThread: TaskExecutor {
    private let queue: DispatchQueue

    /// A thread with a name for debuggers.
    public init(_ name: String) { queue = DispatchQueue(label: name) }

    /// Runs a piece of a task.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
