public import SojournModel
import Synchronization

/// The clock of a store that several processes share, as one of them reckons it: its own clock, moved by what it lacks.
///
/// Processes whose clocks disagree would take back leases that hold, and start tasks before their time; those that
/// reckon by the clock of their store agree within the time that a question takes. The difference is measured before
/// the first use and then every minute. A correction is spread, at a tenth of the time that passes, so that the clock
/// never goes back, and a jump of the store's clock ends no lease that processes decide about at once. While they
/// follow such a jump, they disagree with a process that starts: for ten times its length and a minute.
///
/// Without a store to follow it is its base.
public final class StoreTime: TimeSource {
    private let base: any TimeSource
    private let correction = Mutex(Correction())
    /// How often the store is asked while it is followed.
    private static let pace: Duration = .seconds(60)

    /// A clock that goes as `base` does.
    public init(base: any TimeSource = SystemTime()) { self.base = base }

    /// The instant now.
    public func now() -> Timestamp {
        correction.withLock { correction in
            let now = base.now()
            return now.advanced(by: correction.offset(at: now))
        }
    }

    /// Rings once this clock has come to `instant`; a little early or late where it is corrected meanwhile.
    public func alarm(at instant: Timestamp, _ ring: @escaping @Sendable () -> Void) -> Alarm {
        base.alarm(at: correction.withLock { $0.base(at: instant) }, ring)
    }

    /// Takes over the store's clock at once. To be called before anybody looks at this one.
    ///
    /// - Parameter ask: Asks the store what time it is.
    public func take(_ ask: () async throws(BackendError) -> Timestamp) async throws(BackendError) {
        var best = try await measure(ask)
        // The first question opens a connection, and the quickest answer says most.
        for _ in 1...2 {
            let next = try await measure(ask)
            if next.upperBound - next.lowerBound < best.upperBound - best.lowerBound { best = next }
        }
        let offset = best.lowerBound + (best.upperBound - best.lowerBound) / 2
        correction.withLock { $0 = Correction(from: offset, to: offset) }
    }

    /// Follows the store's clock until it is cancelled. A store that does not answer is asked again a minute later.
    ///
    /// - Parameter ask: Asks the store what time it is.
    public func follow(_ ask: () async throws(BackendError) -> Timestamp) async {
        while (try? await base.sleep(for: Self.pace)) != nil {
            guard let possible = try? await measure(ask) else { continue }
            correction.withLock { $0.move(into: possible, at: base.now()) }
        }
    }

    /// What has to be added to the base, at least and at most: the store looked at its clock between the question and
    /// the answer.
    private func measure(
        _ ask: () async throws(BackendError) -> Timestamp
    ) async throws(BackendError) -> ClosedRange<Duration> {
        let asked = base.now()
        let instant = try await ask()
        let answered = max(asked, base.now())
        return instant.duration(since: answered)...instant.duration(since: asked)
    }
}

/// What is added to a clock, while it changes from one value to another.
private struct Correction {
    var from: Duration = .zero
    var to: Duration = .zero
    var since = Timestamp.distantPast
    /// A tenth of the time that passes: a lease of a minute holds for 54 seconds at least.
    private static let slowness = 10

    /// What is added at this instant of the base.
    func offset(at now: Timestamp) -> Duration {
        if from == to { return to }
        let step = max(.zero, now.duration(since: since)) / Self.slowness
        return from < to ? min(to, from + step) : max(to, from - step)
    }

    /// When the base comes to where this clock shows `instant`.
    func base(at instant: Timestamp) -> Timestamp {
        let settled = instant.advanced(by: .zero - to)
        if from == to || settled >= since.advanced(by: distance * Self.slowness) { return settled }
        // What is left of the way at `since` passes at eleven tenths of the speed, or at nine tenths.
        let left = instant.duration(since: since.advanced(by: from))
        let speed = from < to ? Self.slowness + 1 : Self.slowness - 1
        return since.advanced(by: left * Self.slowness / speed + .microseconds(1))
    }

    private var distance: Duration { from < to ? to - from : from - to }

    /// Begins to move to the nearest of the offsets that are possible; stays where this one is.
    mutating func move(into possible: ClosedRange<Duration>, at now: Timestamp) {
        let offset = offset(at: now)
        self = Correction(from: offset, to: offset.clamped(to: possible), since: now)
    }
}
