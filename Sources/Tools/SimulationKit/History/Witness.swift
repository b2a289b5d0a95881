import SojournCore
import SojournModel

/// A source of tasks that writes down what its worker asks and hears.
struct WitnessSource: TaskSource {
    let base: any TaskSource
    let recorder: Recorder
    let gate: Gate
    let who: String

    func claim(_ request: LeaseRequest) async throws(BackendError) -> [Delivery] {
        try await call(\.claims, request) { () throws(BackendError) in try await base.claim(request) }
    }

    func heartbeat(_ leases: [Lease], by duration: Duration) async throws(BackendError) -> [LeaseStatus] {
        try await call(\.heartbeats, leases) { () throws(BackendError) in
            try await base.heartbeat(leases, by: duration)
        }
    }

    func complete(_ reports: [AttemptReport]) async throws(BackendError) -> [SettlementStatus] {
        try await call(\.reports, reports) { () throws(BackendError) in
            try await base.complete(reports)
        }
    }

    /// What is left of a dead process says nothing any more.
    private func call<Request: Sendable, Answer: Sendable>(
        _ list: CallList<Request, Answer>, _ request: Request, _ body: () async throws(BackendError) -> Answer
    ) async throws(BackendError) -> Answer {
        if gate.isSevered { throw BackendError(.closed, "The process is dead.") }
        return try await recorder.call(list, who, request, body)
    }
}

/// Writes down when handlers start and return, while their process lives.
struct WitnessMiddleware: TaskMiddleware {
    let recorder: Recorder
    let gate: Gate
    let who: String

    func intercept(_ delivery: Delivery, context: TaskContext, next: Next) async -> Outcome {
        if gate.isSevered { return .interrupted }
        let run = recorder.started(delivery)
        recorder.note(who, "starts \(Telling.of([delivery]))")
        let outcome = await next(delivery, context)
        if !gate.isSevered {
            recorder.ended(run, outcome)
            recorder.note(who, "ends \(Telling.of([delivery])) \(outcome.name)")
        }
        return outcome
    }
}
