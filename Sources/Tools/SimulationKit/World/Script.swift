import SojournCore
import SojournModel

/// What the handler of one task does in one attempt.
struct Script {
    enum Act {
        case succeed, fail, failUntil(Duration), hopeless, snooze(Duration), discard, crash
    }
    /// How long it works.
    let span: Duration
    /// Whether it goes on when told to stop.
    let isStubborn: Bool
    let act: Act

    /// What one attempt does. Some tasks, by their payload, kill whoever runs them.
    init(payload: [UInt8], hasKillers: Bool, dice: Dice) {
        let isKiller = hasKillers && payload.first == 0
        let isLong = dice.happens(percent: 4)
        span = isLong ? dice.span(milliseconds: 1_000...15_000) : dice.span(milliseconds: 0...250)
        isStubborn = dice.happens(percent: 20)
        act = isKiller ? .crash : Self.act(dice)
    }

    private static func act(_ dice: Dice) -> Act {
        switch dice.number(below: 100) {
        case 0..<80: .succeed
        case 80..<87: .fail
        case 87..<90: .failUntil(dice.span(milliseconds: 0...4_000))
        case 90..<92: .hopeless
        case 92..<96: .snooze(dice.span(milliseconds: 0...3_000))
        case 96..<98: .discard
        default: .fail
        }
    }

    /// The result of a task that succeeds: its payload backwards, so that whose it is can be told.
    package static func result(of payload: [UInt8]) -> [UInt8] { payload.reversed() }
}

/// Plays scripts: the handler of every type.
struct Player: Sendable {
    let time: any TimeSource
    let gate: Gate
    let hasKillers: Bool

    func play(_ payload: [UInt8], _ context: TaskContext) async throws -> Outcome {
        let script = Script(payload: payload, hasKillers: hasKillers, dice: gate.dice)
        if script.isStubborn {
            await Outlasting(time).wait(for: script.span)
        } else {
            try await time.sleep(for: script.span)
        }
        switch script.act {
        case .succeed: return .succeeded(result: Script.result(of: payload))
        case .fail: throw Failure("it failed")
        case .failUntil(let delay): throw Failure("it asked for time", retryAfter: delay)
        case .hopeless: throw Failure("it is hopeless", isRetryable: false)
        case .snooze(let delay): return .snoozed(delay)
        case .discard: return .discarded(reason: "it was given up")
        case .crash:
            gate.crash()
            return .interrupted
        }
    }
}
