import SojournCore
import SojournModel
import Synchronization

/// Where the calls of one sort stand in a history.
typealias CallList<Request: Sendable, Answer: Sendable> =
    any WritableKeyPath<History, [Call<Request, Answer>]> & Sendable

/// Writes the history while it happens.
package final class Recorder: Sendable {
    private struct State {
        var history = History()
        var order = 0
    }
    private let state = Mutex(State())
    private let time: Scheduler
    /// Prints every event, for the replay of one seed.
    private let echo: (@Sendable (String) -> Void)?

    init(time: Scheduler, echo: (@Sendable (String) -> Void)?) {
        self.time = time
        self.echo = echo
    }

    /// What was written so far.
    package var history: History { state.withLock { $0.history } }

    /// Notes what has no rule, for whoever reads the trace.
    package func note(_ who: String, _ text: @autoclosure () -> String) {
        guard let echo else { return }
        let at = time.now().duration(since: Scheduler.start)
        echo("\(at.wholeMicroseconds) \(who) \(text())")
    }

    /// Makes a call, and writes down how it went. A code that the seams keep for requests that changed nothing is a
    /// failure; every other error leaves open what was done.
    func call<Request: Sendable, Answer: Sendable>(
        _ list: CallList<Request, Answer>, _ who: String, _ request: Request,
        _ body: () async throws(BackendError) -> Answer
    ) async throws(BackendError) -> Answer {
        let place = write { history, moment in
            history[keyPath: list].append(Call(request, invoked: moment))
            return history[keyPath: list].count - 1
        }
        note(who, "calls \(Telling.of(request))")
        do throws(BackendError) {
            let answer = try await body()
            finish(list, place, .ok(answer))
            note(who, "hears \(Telling.of(answer))")
            return answer
        } catch {
            finish(list, place, error.code == .rejected || error.code == .throttled ? .fail : .info)
            note(who, "hears \(error)")
            throw error
        }
    }

    private func finish<Request: Sendable, Answer: Sendable>(
        _ list: CallList<Request, Answer>, _ place: Int, _ result: Result3<Answer>
    ) {
        write { history, moment in
            history[keyPath: list][place].returned = moment
            history[keyPath: list][place].result = result
        }
    }

    /// Counts a call.
    func count(_ name: StaticString) {
        state.withLock { $0.history.calls[name.description, default: 0] += 1 }
    }

    func started(_ delivery: Delivery) -> Int {
        write { history, moment in
            history.runs.append(Run(delivery, started: moment))
            return history.runs.count - 1
        }
    }

    func ended(_ run: Int, _ outcome: Outcome) {
        write { history, moment in
            history.runs[run].ended = moment
            history.runs[run].outcome = outcome
        }
    }

    /// What the store says in the end.
    func conclude(_ body: (inout History) -> Void) { state.withLock { body(&$0.history) } }

    @discardableResult
    private func write<Answer: Sendable>(_ body: (inout History, Moment) -> Answer) -> Answer {
        let now = time.now()
        return state.withLock { state in
            state.order += 1
            return body(&state.history, Moment(order: state.order, time: now))
        }
    }
}
