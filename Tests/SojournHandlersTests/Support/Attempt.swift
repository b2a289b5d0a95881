import Logging
import SojournCore
import SojournModel

/// Attempts as a worker would hand them to a handler.
enum Attempt {
    static let id = TaskID(high: 0x0197_9F3C_0000_7000, low: 0x8000_0000_0000_0001)

    static func message(
        _ type: TaskType = "test.task", payload: String = "", attempt: Int = 1, traceparent: String? = nil
    ) -> TaskMessage {
        let now = Timestamp(microseconds: 1_767_225_600_000_000)
        return TaskMessage(
            id: id, type: type, payload: Array(payload.utf8), enqueuedAt: now, availableAt: now,
            traceparent: traceparent, attempt: attempt)
    }

    static func context(_ attempt: Int = 1, traceparent: String? = nil) -> TaskContext {
        TaskContext(message(attempt: attempt, traceparent: traceparent), logger: Logger(label: "test"))
    }
}

extension Outcome {
    var failure: Failure? {
        if case .failed(let failure) = self { failure } else { nil }
    }

    /// The result as text; nil where the attempt did not succeed or has none.
    var resultText: String? {
        if case .succeeded(let result?) = self { String(decoding: result, as: UTF8.self) } else { nil }
    }
}
