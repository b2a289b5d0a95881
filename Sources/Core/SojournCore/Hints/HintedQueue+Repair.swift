import Logging
import SojournModel
import Synchronization

/// Finds hints that were lost, and pushes them again.
///
/// There are three ways to lose one. The channel loses all it has (`FLUSHALL`, a restart, a failover): its epoch says
/// so, and it is filled anew. It is out of reach for a while: what it missed is remembered by time. A process dies
/// between store and channel, or between pop and claim: then a task waits in the store that stands ahead of the first
/// hint of its line, because hints leave a line in order.
extension HintedQueue {
    /// A task that is available for less than this, or stands less than this ahead of the first hint of its line, may
    /// have its hint on the way.
    static let grace: Duration = .seconds(3)
    /// Lines that are read at once, so that what is read between two pushes is bounded.
    private static let linesAtOnce = 16

    /// Repairs the hints, and then asks the store. Call it at least once a second, on any number of servers.
    public func unpublished(limit: Int) async throws(BackendError) -> [TaskMessage] {
        try await repair()
        return try await store.unpublished(limit: limit)
    }

    private func repair() async throws(BackendError) {
        guard let view = await ask({ () throws(BackendError) in try await hints.look() }) else { return }
        let (isNews, missed) = health.withLock { $0.answer() }
        if view.epoch == .complete { _ = health.withLock { $0.sawComplete() } }
        if isNews { logger.notice("The hints are back", metadata: ["channel": "\(hints.name)"]) }
        var isDone = false
        // What is left undone is for the next time.
        defer { if !isDone, let missed { health.withLock { $0.miss(since: missed) } } }
        for queue in try await store.pausedQueues().symmetricDifference(view.paused).sorted() {
            await tell(queue, isPaused: !view.paused.contains(queue))
        }
        switch (view.epoch, missed) {
        case (.lost(let token), _): isDone = try await refill(insteadOf: token)
        case (_, let missed?): isDone = try await catchUp(since: missed)
        case (.complete, nil): try await findLost(view)
        case (.filling, nil): break
        }
    }

    /// Pushes a hint of every task that waits; whether it came to the end.
    private func refill(insteadOf token: String) async throws(BackendError) -> Bool {
        let begun = await ask { () throws(BackendError) in try await hints.beginFilling(insteadOf: token) }
        guard let filling = begun ?? nil else { return false }
        let start = time.now()
        let looks = try await store.waitingLines().map { WaitingLook(line: $0) }
        guard let count = try await push(looks, for: filling),
            await ask({ () throws(BackendError) in try await hints.endFilling(filling) }) == true
        else { return false }
        let wasComplete = health.withLock { $0.sawComplete() }
        logger.log(
            level: wasComplete ? .warning : .info,
            wasComplete ? "The hints were lost; every waiting task was hinted again" : "Every waiting task was hinted",
            metadata: ["channel": "\(hints.name)", "tasks": "\(count)", "took": "\(time.now().duration(since: start))"])
        return true
    }

    /// Pushes a hint of every task that became available while the channel was out of reach; whether it came to the
    /// end.
    private func catchUp(since instant: Timestamp) async throws(BackendError) -> Bool {
        let start = WaitingPlace(availableAt: instant)
        let looks = try await store.waitingLines().map { WaitingLook(line: $0, after: start) }
        return try await push(looks) != nil
    }

    /// Pushes a hint of every task that stands ahead of the first hint of its line.
    private func findLost(_ view: HintView) async throws(BackendError) {
        let now = time.now()
        let looks = try await store.waitingLines().map { line in
            let first = min(view.firsts[line] ?? now, now)
            return WaitingLook(line: line, before: first.advanced(by: .zero - Self.grace))
        }
        if let count = try await push(looks), count > 0 {
            logger.debug("Lost hints were found", metadata: ["channel": "\(hints.name)", "tasks": "\(count)"])
        }
    }

    /// Pushes hints of the tasks that `looks` are about, the lines by turns, so that none waits for a long one; how
    /// many, or nil where the channel got lost meanwhile.
    private func push(_ looks: [WaitingLook], for filling: HintFilling? = nil) async throws(BackendError) -> Int? {
        var open = looks
        var count = 0
        while !open.isEmpty {
            var next: [WaitingLook] = []
            for start in stride(from: 0, to: open.count, by: Self.linesAtOnce) {
                if Task.isCancelled { return nil }
                let some = Array(open[start..<min(open.count, start + Self.linesAtOnce)])
                let pages = try await store.waiting(some)
                for (look, page) in zip(some, pages) {
                    guard let end = page.end else { continue }
                    var look = look
                    look.after = end
                    next.append(look)
                }
                let found = pages.flatMap(\.hints)
                guard await hint(found) else { return nil }
                count += found.count
                guard let filling, !found.isEmpty else { continue }
                let holds = await ask { () throws(BackendError) in try await hints.goOnFilling(filling) }
                guard holds == true else { return nil }
            }
            open = next
        }
        return count
    }
}
