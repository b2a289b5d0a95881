#if HTTP
import SojournCore
import SojournModel
import SojournWire
import Synchronization

/// One replay with a rate that goes on.
final class PacedReplay: Sendable {
    private struct Progress {
        var replayed = 0
        var trouble: BackendError?
    }

    /// By what people name it.
    let id = ReplayID()
    /// What was asked for.
    let request: ReplayBody
    /// Somebody wants it to end.
    let stop = OneShot()
    private let startedAt: Timestamp
    private let progress = Mutex(Progress())

    init(_ request: ReplayBody, at now: Timestamp) {
        self.request = request
        startedAt = now
    }

    /// How it stands.
    var view: ReplayView {
        let progress = progress.withLock { $0 }
        return ReplayView(
            id: id, request: request, replayed: progress.replayed, startedAt: startedAt,
            heldUpBy: progress.trouble.map { "\($0)" })
    }

    /// Notes how many have gone back, and what keeps it from going on.
    func note(replayed: Int, trouble: BackendError? = nil) {
        progress.withLock { $0 = Progress(replayed: replayed, trouble: trouble) }
    }
}

/// The replays that go on, oldest first.
final class RunningReplays: Sendable {
    private let replays = Mutex<[PacedReplay]>([])

    var all: [PacedReplay] { replays.withLock { $0 } }

    /// Adds one; says why not where it may not run.
    func add(_ new: PacedReplay, upTo most: Int) -> PacedReplays.Refusal? {
        replays.withLock { replays in
            if replays.contains(where: { $0.request.filter == new.request.filter }) { return .known }
            guard replays.count < most else { return .tooMany }
            replays.append(new)
            return nil
        }
    }

    /// Takes one out; nil if it is not there any more.
    @discardableResult
    func remove(_ id: ReplayID) -> PacedReplay? {
        replays.withLock { replays in replays.firstIndex { $0.id == id }.map { replays.remove(at: $0) } }
    }
}
#endif
