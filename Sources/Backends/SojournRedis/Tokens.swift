#if Redis
import SojournModel

/// Fencing tokens: 103 bits of chance, one that says whether the task has a history, and 24 that are the number of its
/// queue.
///
/// A lease names its task and not its queue, and the queue decides which keys (and which node of a cluster) to ask.
/// Redis keeps one token for all tasks of a claim, the common token; the token of each task is that one mixed with its
/// identifier, so that no two are alike.
enum Tokens {
    private static let history: UInt64 = 1 << 24

    /// A new common token for tasks of the queue with `number`.
    static func make(queue number: UInt32) -> LeaseToken {
        var random = SystemRandomNumberGenerator()
        return LeaseToken(high: random.next(), low: (random.next() as UInt64) << 25 | UInt64(number))
    }

    /// The token of a task from the common one.
    static func token(of task: TaskID, common: LeaseToken, hasHistory: Bool) -> LeaseToken {
        let mixed = mix(common, task)
        return LeaseToken(high: mixed.high, low: hasHistory ? mixed.low | history : mixed.low)
    }

    /// The common token from the one of a task.
    static func common(_ token: LeaseToken, _ task: TaskID) -> LeaseToken {
        mix(LeaseToken(high: token.high, low: token.low & ~history), task)
    }

    /// Whether the token's task had a history when it was handed out (``TaskState``).
    static func hasHistory(_ token: LeaseToken) -> Bool { token.low & history != 0 }

    /// The number of the queue that a token is about.
    static func queue(of token: LeaseToken) -> UInt32 { UInt32(token.low & 0xFF_FFFF) }

    private static func mix(_ token: LeaseToken, _ task: TaskID) -> LeaseToken {
        LeaseToken(high: token.high ^ task.low, low: token.low ^ task.high << 25)
    }
}
#endif
