import Queueing
import SojournTestKit

/// Earliest deadline first on some servers, behind `ClassAdmission`; every service takes as long as declared.
struct ClassRun {
    let servers: Int
    let longest: Double
    private(set) var admitted = 0
    private(set) var refused = 0
    /// By how much the latest start missed its deadline; negative while all are in time.
    private(set) var worstLateness = -Double.infinity

    private var now = 0.0
    private var ends: [Double] = []
    private var waiting: [(deadline: Double, work: Double)] = []

    init(servers: Int, longest: Double) {
        self.servers = servers
        self.longest = longest
    }

    mutating func arrive(_ generator: inout SplitMix64) throws {
        let pause = generator.unit() < 0.8 ? 0.3 * longest / Double(servers) : 2 * longest
        advance(to: now + generator.uniform(0, pause))
        let work = generator.unit() < 0.5 ? longest : generator.uniform(0, longest)
        let deadline = now + longest * [1.5, 3, 8][Int.random(in: 0..<3, using: &generator)]
        let admission = try ClassAdmission(servers: servers, longestService: longest)
        let claims = waiting.map { ClassAdmission.Claim(deadline: $0.deadline - now, work: $0.work) }
        guard try admission.admits(.init(deadline: deadline - now, work: work), waiting: claims) else {
            refused += 1
            return
        }
        admitted += 1
        waiting.append((deadline, work))
        begin()
    }

    mutating func advance(to time: Double) {
        while let end = ends.min(), end <= time {
            ends.removeAll { $0 == end }
            now = end
            begin()
        }
        now = time
    }

    private mutating func begin() {
        while ends.count < servers, let next = waiting.indices.min(by: { waiting[$0].deadline < waiting[$1].deadline })
        {
            let task = waiting.remove(at: next)
            worstLateness = max(worstLateness, now - task.deadline)
            ends.append(now + task.work)
        }
    }
}
