import Synchronization

/// A number that concurrent code counts up.
final class Counter: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .sequentiallyConsistent) }

    func increment() { count.add(1, ordering: .sequentiallyConsistent) }

    /// Takes one, if there is one.
    func take() -> Bool {
        var current = value
        while current > 0 {
            let (done, now) = count.compareExchange(
                expected: current, desired: current - 1, ordering: .sequentiallyConsistent)
            if done { return true }
            current = now
        }
        return false
    }
}
