#if SQLite
import SojournModel

/// The number that stands for a status in `task.status`. Part of the schema: never renumber.
extension TaskStatus {
    var code: Int {
        switch self {
        case .blocked: 0
        case .scheduled: 1
        case .queued: 2
        case .running: 3
        case .retrying: 4
        case .succeeded: 5
        case .cancelled: 6
        case .dead: 7
        }
    }

    init?(code: Int) {
        guard let match = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = match
    }
}

/// A retry policy as one word in `task.retry`: strategy, base, cap, jitter and spread, in microseconds.
extension RetryPolicy {
    var text: String {
        "\(strategy.rawValue) \(base.wholeMicroseconds) \(cap.wholeMicroseconds) \(jitter.rawValue) "
            + "\(spread.wholeMicroseconds)"
    }

    init?(text: String) {
        let words = text.split(separator: " ")
        guard words.count == 5, let strategy = Strategy(rawValue: String(words[0])), let base = Int64(words[1]),
            let cap = Int64(words[2]), let jitter = Jitter(rawValue: String(words[3])), let spread = Int64(words[4])
        else { return nil }
        self.init(
            strategy: strategy, base: .microseconds(base), cap: .microseconds(cap), jitter: jitter,
            spread: .microseconds(spread))
    }
}
#endif
