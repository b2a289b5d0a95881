package import SojournCore
import SojournModel

/// The circumstances of one run, drawn from its seed.
package struct WorldSettings: Sendable {
    /// Tasks that clients try to insert.
    package var tasks = 200
    /// Processes with the duties, through which clients come.
    package var servers: Int
    /// Processes that run tasks.
    package var workers: Int
    /// Whether they ask a server for tasks, or the store itself.
    package var remote: [Bool]
    /// Attempts at once in each of them.
    package var concurrency: Int
    /// How long leases last.
    package var lease: Duration
    /// Whether a broker of hints stands before the store.
    package var hasHints: Bool
    /// How bad a day it is, 0 to 3.
    package var level: Int
    /// How far clocks are off, at most.
    package var skew: Duration
    /// Whether everything is mended in the end and then must finish; else faults go on to the end.
    package var heals: Bool
    /// Over how long clients spread their work.
    package var storm: Duration
    /// What holds for tasks that do not say otherwise.
    package var policies: TaskPolicies

    /// The circumstances of a seed.
    package init(seed: UInt64) {
        let dice = Dice(seed: seed, salt: 1)
        servers = dice.number(in: 1...2)
        workers = dice.number(in: 1...3)
        remote = (0..<workers).map { _ in dice.happens(percent: 60) }
        concurrency = dice.pick([1, 2, 4, 8, 16])
        lease = dice.pick([.seconds(2), .seconds(4), .seconds(8)])
        hasHints = dice.happens(percent: 40)
        level = dice.pick([0, 1, 1, 2, 2, 3])
        skew = dice.pick([.zero, .zero, .milliseconds(40), .seconds(2)])
        heals = dice.happens(percent: 80)
        storm = dice.pick([.seconds(4), .seconds(15), .seconds(40)])
        policies = TaskPolicies(
            maxRetries: dice.number(in: 0...4),
            retry: RetryPolicy(base: .milliseconds(500), cap: .seconds(6), jitter: .equal))
    }
}
