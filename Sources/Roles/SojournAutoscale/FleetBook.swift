import SojournModel

/// The workers that were launched for one queue, and how far they are.
struct FleetBook: Sendable {
    private struct Member {
        var launchedAt: Double
        var readyAt: Double?
        var isStopping = false
    }

    /// Seconds that a worker is given to become ready, at least.
    private static let patience = 30.0
    /// Start-up times remembered.
    private static let remembered = 20
    private let queue: QueueName
    private let run: String
    private var members: [String: Member] = [:]
    private var number = 0
    private var startups: [Double] = []

    /// A queue without workers. `run` tells this life of the server from others in the names of workers.
    init(queue: QueueName, run: String) {
        self.queue = queue
        self.run = run
    }

    /// Workers that were launched and not asked to stop.
    var count: Int { members.values.count { !$0.isStopping } }
    /// Workers that claim tasks.
    var ready: Int { members.values.count { !$0.isStopping && $0.readyAt != nil } }

    /// When those that do not claim yet will, in ascending order, if starting takes `startup` seconds. One that takes
    /// longer than that is expected at any moment.
    func pending(at now: Double, startup: Double) -> [Double] {
        // Asked at every admission, and nearly always nobody is starting.
        guard members.values.contains(where: { !$0.isStopping && $0.readyAt == nil }) else { return [] }
        return members.values.filter { !$0.isStopping && $0.readyAt == nil }.map {
            max($0.launchedAt + startup, now + 0.1)
        }
        .sorted()
    }

    /// Those that were launched so long ago that they will never be ready.
    func stuck(at now: Double, startup: Double) -> [String] {
        let patience = max(Self.patience, 10 * startup)
        return members.filter {
            !$0.value.isStopping && $0.value.readyAt == nil && now - $0.value.launchedAt > patience
        }
        .map(\.key)
    }

    /// Asks one of them to stop.
    mutating func giveUp(_ name: String) { members[name]?.isStopping = true }

    /// D: the 90th percentile of the start-up times that were measured; nil before the first.
    var startup: Double? {
        guard !startups.isEmpty else { return nil }
        let sorted = startups.sorted()
        return sorted[min(sorted.count - 1, sorted.count * 9 / 10)]
    }

    /// The names for `count` more workers.
    mutating func launch(_ count: Int, at now: Double) -> [String] {
        (0..<max(0, count)).map { _ in
            number += 1
            // A worker's name has the length of a queue's at most.
            let name = "\(queue.rawValue.prefix(100))-\(run)-\(number)"
            members[name] = Member(launchedAt: now)
            return name
        }
    }

    /// Those to stop when there shall be `count` fewer: first the ones that are not ready, then those that hold least.
    mutating func stop(_ count: Int, held: (String) -> Int?) -> [String] {
        let candidates = members.filter { !$0.value.isStopping }.map { name, member in
            (name: name, isReady: member.readyAt != nil, held: held(name) ?? 0, since: member.launchedAt)
        }
        let order = candidates.sorted {
            if $0.isReady != $1.isReady { return !$0.isReady }
            return ($0.held, -$0.since, $0.name) < ($1.held, -$1.since, $1.name)
        }
        let chosen = order.prefix(max(0, count)).map(\.name)
        for name in chosen { members[name]?.isStopping = true }
        return chosen
    }

    /// A worker was heard of; whether that was the first time.
    mutating func heard(_ name: String, at now: Double) -> Bool {
        guard let member = members[name], member.readyAt == nil else { return false }
        members[name]?.readyAt = now
        startups.append(now - member.launchedAt)
        if startups.count > Self.remembered { startups.removeFirst() }
        return true
    }

    /// How a worker ended.
    enum End: Sendable, Hashable {
        case asked, failed, failedToStart
    }

    /// A worker has ended.
    mutating func ended(_ name: String) -> End {
        guard let member = members.removeValue(forKey: name), !member.isStopping else { return .asked }
        return member.readyAt == nil ? .failedToStart : .failed
    }
}
