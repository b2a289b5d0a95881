public import SojournModel

/// Is told what happens to tasks, after it has happened: for metrics, events and traces.
///
/// The calls come from many threads, batch by batch, and must not block. An observer changes nothing.
public protocol TaskObserver: Sendable {
    /// The store took tasks, or knew them already.
    func inserted(_ tasks: [NewTask], _ results: [InsertResult])
    /// The store did not take tasks.
    func refused(_ tasks: [NewTask], _ error: BackendError)
    /// Workers were handed tasks.
    func claimed(_ deliveries: [Delivery], at now: Timestamp)
    /// Tasks that waited were found past their deadline: they are dead now. Without their payloads.
    func expired(_ messages: [TaskMessage])
    /// Attempts ended; status *i* says whether result *i* took effect. A task that somebody wished to cancel
    /// meanwhile is written down as cancelled where its verdict would have it wait again.
    func ended(_ results: [AttemptResult], _ statuses: [SettlementStatus])
}

extension LocalTaskQueue {
    /// The same queue, whose store and backend tell `observers` what happens.
    public func observed(by observers: [any TaskObserver]) -> LocalTaskQueue {
        LocalTaskQueue(
            store: ObservedStore(store, observers), backend: ObservedBackend(backend, observers, time: time),
            policies: policies, traffic: traffic, time: time, chance: chance)
    }
}
