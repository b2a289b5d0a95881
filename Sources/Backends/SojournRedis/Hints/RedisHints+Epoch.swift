#if Redis
import RESP
public import SojournCore
import SojournModel

extension RedisHints {
    /// How long a filler that says nothing counts as alive.
    private static let fillerMilliseconds = "5000"

    /// What Redis holds.
    ///
    /// The epoch is read before and after the rest: where everything was lost in between, all tasks would seem to have
    /// lost their hints one by one.
    public func look() async throws(BackendError) -> HintView {
        let epoch = try await currentEpoch()
        var view = try await view(of: epoch)
        let after = try await currentEpoch()
        // Where a fill has just come to its end, there is time to look again.
        if after != epoch { view.epoch = after == .complete ? .filling : after }
        return view
    }

    private func currentEpoch() async throws(BackendError) -> HintEpoch {
        let answer = try await send([epoch("look")])[0].elements ?? []
        guard answer.count == 2, let epoch = answer[0].text, let server = answer[1].text else {
            throw .unreadable("the epoch of the hints")
        }
        return HintEpoch(epoch, on: server)
    }

    private func view(of epoch: HintEpoch) async throws(BackendError) -> HintView {
        directory.queues = try await names(in: HintKeys.queues)
        var view = HintView(epoch: epoch, paused: try await names(in: HintKeys.paused))
        for survey in try await survey(directory.queues.map { HintQuestion(keys: HintKeys($0)) }) {
            for count in survey.lines {
                let line = count.line
                let lane = Lane(queue: survey.keys.queue, tenant: line.tenant, priority: line.priority)
                // What cannot be read is not the first of anybody, but it stands there until it is popped.
                view.firsts[HintLine(lane: lane, type: line.type)] = count.oldest ?? .distantPast
            }
        }
        return view
    }

    /// Forgets every hint, and announces that the caller will fill Redis; nil where somebody else has begun.
    public func beginFilling(insteadOf token: String) async throws(BackendError) -> HintFilling? {
        var random = SystemRandomNumberGenerator()
        let own = LeaseToken(random: &random).description
        let begun = try await send([epoch("begin", token, own, Self.fillerMilliseconds)])[0].text
        guard let begun else { return nil }
        try await clear()
        return HintFilling(token: begun)
    }

    /// Says that the caller is still at it; whether nothing was lost since it began.
    public func goOnFilling(_ filling: HintFilling) async throws(BackendError) -> Bool {
        try await send([epoch("go on", filling.token, Self.fillerMilliseconds)])[0].integer == 1
    }

    /// Says that everything is filled; whether nothing was lost meanwhile.
    public func endFilling(_ filling: HintFilling) async throws(BackendError) -> Bool {
        try await send([epoch("end", filling.token, Self.fillerMilliseconds)])[0].integer == 1
    }

    /// Forgets every hint. What is pushed meanwhile may be lost or stay: the fill that follows makes up for it.
    private func clear() async throws(BackendError) {
        let queues = try await names(in: HintKeys.queues).map { HintKeys($0) }
        let members = try await send(queues.map { HintScripts.members.call(keys: [$0.lines]) })
        var deletions: [Command] = []
        for (keys, names) in zip(queues, members) {
            var deletion = Command("UNLINK", key: keys.lines)
            for name in names.elements ?? [] {
                if let line = name.text.flatMap({ Line(text: $0) }) { deletion.append(key: keys.line(line)) }
            }
            deletions.append(deletion)
        }
        _ = try await send(deletions)
    }

    private func epoch(_ words: String...) -> Command {
        var call = HintScripts.epoch.call(keys: [HintKeys.epoch])
        for word in words { call.append(word) }
        return call
    }
}

extension HintEpoch {
    /// What an epoch means on the server with that run id.
    fileprivate init(_ text: String, on server: String) {
        if text == "\(server) complete" {
            self = .complete
        } else if text.hasPrefix("\(server) filling ") {
            self = .filling
        } else {
            self = .lost(token: text)
        }
    }
}
#endif
