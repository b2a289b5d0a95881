package import SojournCore
package import SojournModel

/// When something happened: in which order, and at what virtual time.
package struct Moment: Sendable, Hashable, Comparable {
    /// Its number among all moments of the run.
    package var order: Int
    /// The virtual time, by the one clock that is never off.
    package var time: Timestamp

    package init(order: Int, time: Timestamp) {
        self.order = order
        self.time = time
    }

    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.order < rhs.order }
}

/// What the caller knows of a call.
package enum Result3<Answer: Sendable>: Sendable {
    /// It was done, and this was the answer.
    case ok(Answer)
    /// It was refused: nothing was done.
    case fail
    /// It may have been done or not, now or later.
    case info
}

/// One call, as its caller saw it.
package struct Call<Request: Sendable, Answer: Sendable>: Sendable {
    package var request: Request
    package var invoked: Moment
    /// When the caller heard; nil where it never did.
    package var returned: Moment?
    package var result: Result3<Answer>

    package init(_ request: Request, invoked: Moment, returned: Moment? = nil, result: Result3<Answer> = .info) {
        self.request = request
        self.invoked = invoked
        self.returned = returned
        self.result = result
    }

    /// The answer, where there was one.
    package var answer: Answer? { if case .ok(let answer) = result { answer } else { nil } }
    /// Whether nothing was done for sure.
    package var isFail: Bool { if case .fail = result { true } else { false } }
}

/// One run of a handler.
package struct Run: Sendable {
    package var delivery: Delivery
    package var started: Moment
    /// When the handler returned, and what; nil where its process died before.
    package var ended: Moment?
    package var outcome: Outcome?

    package init(_ delivery: Delivery, started: Moment, ended: Moment? = nil, outcome: Outcome? = nil) {
        self.delivery = delivery
        self.started = started
        self.ended = ended
        self.outcome = outcome
    }
}
