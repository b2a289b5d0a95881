import SojournCore
import SojournModel

/// A condition that a test waited for in vain.
public struct TimedOut: Error, Sendable, CustomStringConvertible {
    /// What was waited for.
    public let description: String
}

/// Returns as soon as `condition` holds; throws ``TimedOut`` where it does not within `limit` of real time.
///
/// It lets others run between two looks, and sleeps a millisecond where that does not help: a test that waits for
/// something never says how long that takes.
public func eventually(
    _ what: String, within limit: Duration = .seconds(60), _ condition: () async throws -> Bool
) async throws {
    let time = SystemTime()
    let end = time.now().advanced(by: limit)
    var looks = 0
    while try await !condition() {
        if time.now() > end { throw TimedOut(description: "waited in vain for: \(what)") }
        looks += 1
        if looks < 100 { await Task.yield() } else { try await time.sleep(for: .milliseconds(1)) }
    }
}
