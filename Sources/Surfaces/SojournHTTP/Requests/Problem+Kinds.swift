#if HTTP
import HTTPTypes
import SojournCore
import SojournModel
import SojournWire

extension Problem {
    /// A refusal whose title is the status code's own.
    init(_ status: HTTPResponse.Status, _ detail: String) {
        self.init(status: status.code, title: status.reasonPhrase, detail: detail)
    }

    static func malformed(_ detail: String) -> Problem { Problem(.badRequest, detail) }

    static func tooLarge(_ limits: HTTPLimits) -> Problem {
        Problem(.contentTooLarge, "The body must be at most \(limits.bodyBytes) bytes.")
    }

    static func unknownTask(_ id: TaskID) -> Problem { Problem(.notFound, "There is no task \(id).") }

    static func keyReused(_ task: TaskID) -> Problem {
        Problem(
            status: 422, title: "Idempotency Key Reused",
            detail:
                "idempotency_key belongs to another request: task \(task) was enqueued with it and another body.",
            type: "urn:sojourn:problem:idempotency-key-reused", taskID: task)
    }

    /// What a store or backend could not do.
    init(_ error: BackendError) {
        switch error.code {
        case .unavailable, .timeout, .closed: self.init(.serviceUnavailable, error.message)
        case .throttled:
            self.init(.tooManyRequests, error.message)
            // Rounded up: a client that comes too early would be refused again.
            retryAfter = error.retryAfter.map { Int(min($0.inSeconds, 86_400).rounded(.up)) }
        case .full: self.init(status: 507, title: "Insufficient Storage", detail: error.message)
        case .rejected: self.init(.badRequest, error.message)
        case .corrupted: self.init(.internalServerError, error.message)
        }
    }
}
#endif
