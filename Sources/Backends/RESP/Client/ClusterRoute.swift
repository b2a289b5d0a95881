#if Redis
import NIOCore
import Synchronization

/// A cluster: every command goes to the node that has its slot, and follows the slot where it moves.
final class ClusterRoute: Route {
    private struct State {
        var map = SlotMap()
        var links: [RedisEndpoint: Link] = [:]
        /// The look-up of the map that is under way.
        var lookup: EventLoopFuture<Void>?
    }

    /// Nodes to which links are kept; a hostile server could name any number.
    private static let nodeLimit = 1000
    private let factory: LinkFactory
    private let loop: any EventLoop
    private let state = Mutex(State())

    init(factory: LinkFactory, loop: any EventLoop) {
        self.factory = factory
        self.loop = loop
    }

    func send(_ commands: [Command], deadline: NIODeadline) async throws(RESPError) -> [Reply] {
        if factory.isShut { throw .shutDown }
        if state.withLock({ $0.map.isEmpty }) { await refresh(deadline) }
        var round = ClusterRound(commands, until: deadline)
        while !round.isOver {
            let errands = state.withLock { round.errands($0.map, seeds: factory.address.endpoints) }
            if errands.count == 1 {
                round.take(await run(errands[0], deadline), for: errands[0])
            } else {
                await runAll(errands, &round, deadline)
            }
            for move in round.moves { state.withLock { $0.map.move(move.slot, to: move.endpoint) } }
            let pause = round.finish(now: .now(), chance: .random(in: 0...1))
            if pause != nil || !round.moves.isEmpty { await refresh(deadline) }
            if let pause { try? await loop.scheduleTask(in: pause) {}.futureResult.get() }
        }
        return round.replies
    }

    func endpoint(of command: Command) async throws(RESPError) -> RedisEndpoint? {
        if state.withLock({ $0.map.isEmpty }) {
            await refresh(.now() + TimeAmount(factory.configuration.connectTimeout))
        }
        let known = state.withLock { state in
            // Whoever comes back because a node is gone shall get another one, sooner or later.
            command.slot == nil ? state.map.endpoints.randomElement() : state.map.endpoint(of: command.slot)
        }
        return known ?? factory.address.endpoints[0]
    }

    func follow(_ redirection: Redirection, from endpoint: RedisEndpoint?) -> RedisEndpoint? {
        let target = redirection.endpoint(seenFrom: endpoint)
        if let target { state.withLock { $0.map.move(redirection.slot, to: target) } }
        return target ?? endpoint
    }

    private func run(_ errand: ClusterRound.Errand, _ deadline: NIODeadline) async -> [Reply] {
        do throws(RESPError) {
            return try await link(to: errand.endpoint).send(errand.commands, deadline: deadline)
        } catch {
            return Array(repeating: .failure(error), count: errand.commands.count)
        }
    }

    private func runAll(
        _ errands: [ClusterRound.Errand], _ round: inout ClusterRound, _ deadline: NIODeadline
    ) async {
        await withTaskGroup(of: (Int, [Reply]).self) { group in
            for (index, errand) in errands.enumerated() {
                group.addTask { (index, await self.run(errand, deadline)) }
            }
            for await (index, replies) in group { round.take(replies, for: errands[index]) }
        }
    }

    private func link(to endpoint: RedisEndpoint) throws(RESPError) -> Link {
        try state.withLock { state throws(RESPError) in
            if let link = state.links[endpoint], link.isUsable { return link }
            guard state.links.count < Self.nodeLimit else {
                throw RESPError(.protocolViolation, "The cluster names more than \(Self.nodeLimit) nodes.")
            }
            let link = try factory.link(.node, to: endpoint)
            state.links[endpoint] = link
            return link
        }
    }
}

// MARK: The map

extension ClusterRoute {
    /// Reads the map anew from the first node that answers; callers that come meanwhile wait for the same answer.
    private func refresh(_ deadline: NIODeadline) async {
        let (promise, running) = state.withLock { state in
            if let lookup = state.lookup { return (nil as EventLoopPromise<Void>?, lookup) }
            let promise = loop.makePromise(of: Void.self)
            state.lookup = promise.futureResult
            return (promise, promise.futureResult)
        }
        guard let promise else { return (try? await running.get()) ?? () }
        if let map = await lookUp(deadline) { state.withLock { $0.map = map } }
        state.withLock { $0.lookup = nil }
        promise.succeed()
    }

    private func lookUp(_ deadline: NIODeadline) async -> SlotMap? {
        let known = state.withLock { $0.map.endpoints }
        let patience = TimeAmount(min(factory.configuration.connectTimeout, .seconds(1)))
        for endpoint in known + factory.address.endpoints where NIODeadline.now() < deadline {
            guard let link = try? link(to: endpoint) else { continue }
            let question = [Command("CLUSTER", key: nil, "SLOTS")]
            let replies = try? await link.send(question, deadline: min(deadline, .now() + patience))
            if let value = try? replies?.first?.get(), let map = SlotMap(value, from: endpoint) { return map }
        }
        return nil
    }
}
#endif
