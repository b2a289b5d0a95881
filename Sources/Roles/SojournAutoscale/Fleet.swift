public import SojournModel

/// Starts and stops workers.
public protocol Fleet: Sendable {
    /// Starts a worker of that name for a queue; returns at once.
    func launch(_ name: String, for queue: QueueName)
    /// Asks a worker to finish what it runs and end; returns at once.
    func stop(_ name: String)
    /// Does so until it is told to shut down, and then until all workers have ended. `ended` is told of each that did.
    func run(ended: @escaping @Sendable (String) -> Void) async
}
