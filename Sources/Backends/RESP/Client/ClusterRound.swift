#if Redis
import NIOCore

/// A pipeline on its way through a cluster, round by round, until every command has a reply that is worth returning.
/// Plain state: which command goes where next, and whether to pause first.
struct ClusterRound {
    /// What goes to one node in one piece.
    struct Errand {
        let endpoint: RedisEndpoint
        var commands: [Command] = []
        /// For each of `commands` the place of its reply; nil for an `ASKING` of ours.
        var places: [Int?] = []
    }

    /// Where a command goes in spite of the map.
    private struct Detour {
        let endpoint: RedisEndpoint
        let isAsking: Bool
    }

    /// More redirections than that are a circle.
    private static let redirectionLimit = 16
    private let commands: [Command]
    private let deadline: NIODeadline
    private let backoff = Backoff(base: .milliseconds(10), cap: .milliseconds(500))
    private var results: [Reply?]
    private var open: [Int]
    private var detours: [Int: Detour] = [:]
    private var redirections = 0
    private var pauses = 0
    /// What this round taught about slots.
    private(set) var moves: [(slot: HashSlot, endpoint: RedisEndpoint)] = []

    init(_ commands: [Command], until deadline: NIODeadline) {
        self.commands = commands
        self.deadline = deadline
        results = Array(repeating: nil, count: commands.count)
        open = Array(commands.indices)
    }

    var isOver: Bool { open.isEmpty }
    var replies: [Reply] { results.map { $0 ?? .failure(.missing) } }

    /// What to send in this round, in the order of the commands for each node.
    mutating func errands(_ map: SlotMap, seeds: [RedisEndpoint]) -> [Errand] {
        moves = []
        var errands: [Errand] = []
        var indices: [RedisEndpoint: Int] = [:]
        for place in open {
            let detour = detours[place]
            guard let endpoint = detour?.endpoint ?? home(of: commands[place], map) ?? seeds.first else { continue }
            let index = indices[endpoint] ?? errands.count
            if index == errands.count {
                errands.append(Errand(endpoint: endpoint))
                indices[endpoint] = index
            }
            if detour?.isAsking == true { errands[index].add(Command("ASKING"), nil) }
            errands[index].add(commands[place], place)
        }
        return errands
    }

    /// Any node will do for a command without a key, so it does not wait for one that is gone: each try has another.
    private func home(of command: Command, _ map: SlotMap) -> RedisEndpoint? {
        if let slot = command.slot { return map.endpoint(of: slot) }
        return map.isEmpty ? nil : map.endpoints[pauses % map.endpoints.count]
    }

    /// Takes the replies of one errand.
    mutating func take(_ replies: [Reply], for errand: Errand) {
        for (place, reply) in zip(errand.places, replies) {
            guard let place else { continue }
            results[place] = reply
            detours[place] = nil
            guard case .failure(let error) = reply, let redirection = Redirection(error),
                let target = redirection.endpoint(seenFrom: errand.endpoint)
            else { continue }
            detours[place] = Detour(endpoint: target, isAsking: error.kind == .ask)
            if error.kind == .moved { moves.append((redirection.slot, target)) }
        }
    }

    /// Ends the round: what goes on to the next, and how long to wait before it. Nothing goes on past the deadline, and
    /// nothing that may have been executed.
    mutating func finish(now: NIODeadline, chance: Double) -> TimeAmount? {
        let mayRedirect = redirections < Self.redirectionLimit
        open = open.filter { place in
            guard now < deadline, case .failure(let error)? = results[place] else { return false }
            return (mayRedirect && detours[place] != nil) || Self.isTemporary(error)
        }
        if open.contains(where: { detours[$0] != nil }) { redirections += 1 }
        guard open.contains(where: { detours[$0] == nil }) else { return nil }
        let pause = backoff.delay(attempt: pauses, chance: chance)
        pauses += 1
        return min(pause, deadline - now)
    }

    /// Whether the same command will likely pass once slots, replicas or connections have settled.
    private static func isTemporary(_ error: RESPError) -> Bool {
        switch error.kind {
        case .tryAgain, .clusterDown, .readOnly, .loading, .unreplicated, .connectionRefused, .connectionLost,
            .unknownHost:
            !error.mayHaveExecuted
        default: false
        }
    }
}

extension ClusterRound.Errand {
    fileprivate mutating func add(_ command: Command, _ place: Int?) {
        commands.append(command)
        places.append(place)
    }
}
#endif
