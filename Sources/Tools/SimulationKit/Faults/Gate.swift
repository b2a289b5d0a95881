import SojournCore
import SojournModel
import Synchronization

/// What stands between one simulated process and everything outside of it: the network, and its own life.
///
/// A process that died reaches nothing any more: whatever is left of its code runs to its end without any effect.
package final class Gate: Sendable {
    private struct State {
        var rates: FaultRates
        var isSevered = false
        var whenSevered: (@Sendable () -> Void)?
    }
    /// What becomes of one call.
    private enum Fate { case fine, refused, answerLost, crashBefore, crashAfter }

    let time: Scheduler
    let dice: Dice
    private let recorder: Recorder
    private let state: Mutex<State>

    init(time: Scheduler, dice: Dice, recorder: Recorder, rates: FaultRates) {
        self.time = time
        self.recorder = recorder
        self.dice = dice
        state = Mutex(State(rates: rates))
    }

    /// Whether the process is dead.
    package var isSevered: Bool { state.withLock { $0.isSevered } }

    var rates: FaultRates {
        get { state.withLock { $0.rates } }
        set { state.withLock { $0.rates = newValue } }
    }

    /// What shall happen when the process dies.
    func onCrash(_ body: @escaping @Sendable () -> Void) { state.withLock { $0.whenSevered = body } }

    /// The process dies now.
    package func crash() {
        let body = state.withLock { state in
            defer { state.isSevered = true }
            return state.isSevered ? nil : state.whenSevered
        }
        body?()
    }

    /// Forgets what shall happen when the process dies: it has ended.
    func close() { state.withLock { $0.whenSevered = nil } }

    /// A call of the outside, with what can go wrong on the way. `tear` does the beginning of a batch.
    func pass<Answer>(
        _ name: StaticString, count: Int = 0, tear: ((Int) async throws(BackendError) -> Void)? = nil,
        _ call: () async throws(BackendError) -> Answer
    ) async throws(BackendError) -> Answer {
        try check()
        recorder.count(name)
        await linger()
        try check()
        if let tear, count > 1, dice.happens(perMillion: rates.torn) {
            try await tear(dice.number(in: 1...count - 1))
            await linger()
            throw BackendError(.timeout, "\(name): the answer was lost")
        }
        let fate = draw()
        switch fate {
        case .refused: throw BackendError(.unavailable, "\(name): not reached")
        case .crashBefore: crash()
        case .fine, .answerLost, .crashAfter: break
        }
        try check()
        let answer = try await call()
        if fate == .crashAfter { crash() }
        try check()
        await linger()
        try check()
        if fate == .answerLost { throw BackendError(.timeout, "\(name): the answer was lost") }
        return answer
    }

    private func check() throws(BackendError) {
        if isSevered { throw BackendError(.closed, "The process is dead.") }
    }

    private func draw() -> Fate {
        let rates = rates
        if dice.happens(perMillion: rates.refused) { return .refused }
        if dice.happens(perMillion: rates.answersLost) { return .answerLost }
        if dice.happens(perMillion: rates.crashes) { return dice.happens(percent: 50) ? .crashBefore : .crashAfter }
        return .fine
    }

    /// The way takes no time, or milliseconds, or seconds.
    private func linger() async {
        let span: Duration
        if dice.happens(perMillion: rates.slow) {
            span = dice.span(milliseconds: 100...6_000)
        } else if dice.happens(percent: 40) {
            span = dice.span(milliseconds: 0...20)
        } else {
            return
        }
        await OneShot().wait(until: time.now().advanced(by: span), on: time)
    }
}
