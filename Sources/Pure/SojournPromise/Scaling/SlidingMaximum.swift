/// The greatest of the values that were added over the last seconds.
///
/// Keeps only values that are still able to become the greatest, so it holds no more entries than there are different
/// values.
struct SlidingMaximum: Sendable {
    private var entries: [(instant: Double, value: Int)] = []

    /// Adds a value at `instant`, not before the one added last.
    mutating func add(_ value: Int, at instant: Double) {
        while let last = entries.last, last.value <= value { entries.removeLast() }
        entries.append((instant, value))
    }

    /// The greatest value added at `instant` or later; older ones are forgotten.
    mutating func maximum(since instant: Double) -> Int? {
        let forgotten = entries.prefix { $0.instant < instant }.count
        if forgotten > 0 { entries.removeFirst(forgotten) }
        return entries.first?.value
    }
}
