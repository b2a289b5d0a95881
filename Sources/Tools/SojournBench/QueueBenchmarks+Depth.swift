import SojournCore
import SojournModel

extension QueueBenchmarks {
    private static let shallowBacklog = 10_000

    /// From few tasks to many: 10⁴, 10⁵, 10⁶.
    private var depths: [Int] { [Self.shallowBacklog, options.deepBacklog / 10, options.deepBacklog] }

    /// What a large backlog of tasks of 1 KB costs: memory, the speed of a drain from its head, and what looking at it
    /// takes.
    func deep() async throws -> [BenchResult] {
        let looks = options.observation?().looks ?? []
        let names =
            ["depth_ratio", "rss_mb_at_million"] + depths.map { "drain_at_\($0)" }
            + looks.map { "\($0.name)_ms_at_million" }
        guard names.contains(where: isWanted) else { return [] }
        var rounds: [String: [Double]] = [:]
        for number in 1...options.rounds {
            // By turns, so that a machine that changes its speed changes all of them.
            for depth in depths {
                progress("\(subject.name): drain at \(depth), round \(number)")
                for (name, value) in try await figures(at: depth, looks) { rounds[name, default: []].append(value) }
            }
            let speeds = depths.compactMap { rounds["drain_at_\($0)"]?.last }
            rounds["depth_ratio", default: []].append((speeds.last ?? 0) / (speeds.first ?? 1))
        }
        return names.filter(isWanted).compactMap { name in
            rounds[name].map { BenchResult(name: "\(subject.name).\(name)", unit: Self.unit(of: name), rounds: $0) }
        }
    }

    private static func unit(of name: String) -> String {
        if name.hasPrefix("drain") { return "tasks/s" }
        return name.contains("_ms_") ? "ms" : name.contains("_mb_") ? "MB" : ""
    }

    private func figures(at depth: Int, _ looks: [Observation.Look]) async throws -> [(String, Double)] {
        try await withQueue { queue in
            let isShallow = depth <= Self.shallowBacklog
            if !isShallow { try await fill(queue, depth) }
            try await subject.settle()
            var figures: [(String, Double)] = []
            if depth == options.deepBacklog {
                figures.append(("rss_mb_at_million", Double(ProcessUsage.residentBytes) / 1_048_576))
                for look in looks {
                    figures.append(("\(look.name)_ms_at_million", try await Self.milliseconds(look, queue)))
                }
            }
            // Half of what is there: a worker that stops has often begun more than it was asked for.
            let count = isShallow ? 9 : min(9, depth / Self.shallowBacklog / 2)
            let speed = try await drains(count, of: queue, refilling: isShallow)
            figures.append(("drain_at_\(depth)", speed))
            return figures
        }
    }

    /// The median of twenty looks; one before them warms up.
    private static func milliseconds(_ look: Observation.Look, _ queue: LocalTaskQueue) async throws -> Double {
        var times: [Double] = []
        for _ in 0...20 {
            let start = queue.time.now()
            try await look.run(queue)
            times.append(queue.time.now().duration(since: start).inSeconds * 1_000)
        }
        return times.dropFirst().sorted()[10]
    }

    private func fill(_ queue: LocalTaskQueue, _ count: Int) async throws {
        try await Workload.enqueue(count, into: queue, batch: 500, producers: 8, bytes: 1_024)
    }

    /// The median speed of a few drains of 10,000 tasks each, one after the other.
    private func drains(_ count: Int, of queue: LocalTaskQueue, refilling: Bool) async throws -> Double {
        var speeds: [Double] = []
        for _ in 0..<max(1, count) {
            if refilling { try await fill(queue, Self.shallowBacklog) }
            speeds.append(try await drain(Self.shallowBacklog, of: queue).speed)
        }
        return speeds.sorted()[speeds.count / 2]
    }
}
