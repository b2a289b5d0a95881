#if Redis
import RESP
import SojournCore
import SojournModel

extension RedisQueue {
    /// A queue with no more lines than this is asked for all of them, open or not: a line that opens and closes with
    /// every task costs no second call then.
    private static let fewLines = 8

    /// The queue that `request` is about, if it is the only one and its claims have nothing to choose, as far as is
    /// known.
    func lone(_ request: LeaseRequest) -> Directory.Entry? {
        let entries = request.queues.isEmpty ? directory.all : Set(request.queues).compactMap { directory[$0] }
        guard entries.count == 1, let entry = entries.first, !entry.isMixed, !entry.lines.isEmpty,
            request.promises[entry.keys.queue] == nil
        else { return nil }
        return entry
    }

    /// Takes what waits in a queue in one call; false where there is more to be had, which takes a choice.
    func grab(
        from entry: Directory.Entry, for request: LeaseRequest, into grant: inout LeaseGrant
    ) async throws(BackendError) -> Bool {
        let queue = entry.keys.queue
        let isFew = entry.lines.count <= Self.fewLines
        let candidates = entry.lines.filter { number, _ in isFew || entry.open.contains(number) }
        let lines = candidates.filter { _, line in request.types?.contains(line.type) ?? true }
        let take = Take(
            from: lines.map { ($0.key, $0.value) }, others: candidates.keys.filter { lines[$0] == nil }, of: entry,
            for: request, now: time.now())
        // Who asks for more than one queue has to hear of new ones.
        let isSure = Set(request.queues).count == 1
        let head = isSure ? [] : [Command("HGET", key: SharedKeys.queues, SharedKeys.version)]
        let values = try await server.send(head + [take.call])
        let isCurrent = isSure || values[0].text == directory.version
        guard let parts = values[head.count].elements else { return false }
        let open = Set((parts.first?.elements ?? []).compactMap { $0.integer.flatMap { UInt32(exactly: $0) } })
        if open != entry.open { directory.setOpen(open, of: queue) }
        guard parts.count == 6 else {
            if open.isSubset(of: candidates.keys) { directory.setMixed(true, queue) }
            return false
        }
        try await read(Array(parts[2...]), of: take, into: &grant)
        // Not before, and not by throwing: what was taken must not be lost with it.
        if !isCurrent { try? await reloadQueues() }
        return grant.deliveries.count == request.limit || (isCurrent && parts[1].integer == 0)
    }
}
#endif
