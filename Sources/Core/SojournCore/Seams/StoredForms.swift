public import SojournModel

extension TaskStatus {
    /// The number that stands for the status in every store that keeps numbers. Part of schemas and scripts: never
    /// renumber.
    public var code: Int {
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

    /// The status with that number; nil where none has it.
    public init?(code: Int) {
        guard let match = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = match
    }
}

extension RetryPolicy {
    /// The policy as the one text that every store keeps: strategy, base, cap, jitter and spread, in microseconds.
    public var text: String {
        "\(strategy.rawValue) \(base.wholeMicroseconds) \(cap.wholeMicroseconds) \(jitter.rawValue) "
            + "\(spread.wholeMicroseconds)"
    }

    /// The policy of a stored text; nil where it is none.
    public init?(text: String) {
        let words = text.split(separator: " ")
        guard words.count == 5, let strategy = Strategy(rawValue: String(words[0])), let base = Int64(words[1]),
            let cap = Int64(words[2]), let jitter = Jitter(rawValue: String(words[3])), let spread = Int64(words[4])
        else { return nil }
        self.init(
            strategy: strategy, base: .microseconds(base), cap: .microseconds(cap), jitter: jitter,
            spread: .microseconds(spread))
    }
}
