import SojournTestKit

/// First come, first served on some servers: when does each task start?
struct Line {
    private var freeAt: [Double]

    init(servers: Int) { freeAt = Array(repeating: 0, count: servers) }

    mutating func start(arrival: Double, service: Double) -> Double {
        let first = freeAt.indices.min { freeAt[$0] < freeAt[$1] } ?? 0
        let start = max(arrival, freeAt[first])
        freeAt[first] = start + service
        return start
    }
}

/// Random bursts on a queue that turns away what exceeds its capacity, with servers that may crash for good.
struct BurstRun {
    let servers: Int
    let longest: Double
    let capacity: Int
    let crashes: Int

    private struct Waiting {
        let arrival: Double
        /// A task that was running when its server crashed was in time already.
        let counts: Bool
    }

    private struct State {
        /// When each living server ends its service; nil where it is idle.
        var ends: [Double?]
        /// The line, head first.
        var line: [Waiting] = []
        var waits: [Double] = []

        mutating func beginServices(at now: Double, _ generator: inout SplitMix64, longest: Double) {
            for server in ends.indices where ends[server] == nil && !line.isEmpty {
                let next = line.removeFirst()
                if next.counts { waits.append(now - next.arrival) }
                let isLong = generator.unit() < 0.7
                ends[server] = now + (isLong ? longest : generator.uniform(0, longest))
            }
        }

        mutating func advance(to time: Double, _ generator: inout SplitMix64, longest: Double) {
            while let end = ends.compactMap({ $0 }).min(), end <= time {
                for server in ends.indices where ends[server] == end { ends[server] = nil }
                beginServices(at: end, &generator, longest: longest)
            }
        }
    }

    /// The waits of all admitted tasks that started.
    func waits(_ generator: inout SplitMix64) -> [Double] {
        var state = State(ends: Array(repeating: nil, count: servers))
        var now = 0.0
        var left = crashes
        for _ in 0..<200 {
            // Four arrivals in a quick row, then a pause, at random.
            let quick = generator.unit() < 0.8
            now += quick ? generator.uniform(0, longest / Double(2 * servers)) : generator.uniform(0, 2 * longest)
            state.advance(to: now, &generator, longest: longest)
            if left > 0, generator.unit() < 0.05 {
                left -= 1
                let victim = Int.random(in: state.ends.indices, using: &generator)
                let wasBusy = state.ends.remove(at: victim) != nil
                if wasBusy { state.line.insert(Waiting(arrival: now, counts: false), at: 0) }
            }
            let isIdle = state.ends.contains { $0 == nil }
            if isIdle || state.line.count < capacity {
                state.line.append(Waiting(arrival: now, counts: true))
                state.beginServices(at: now, &generator, longest: longest)
            }
        }
        state.advance(to: .greatestFiniteMagnitude, &generator, longest: longest)
        return state.waits
    }
}
