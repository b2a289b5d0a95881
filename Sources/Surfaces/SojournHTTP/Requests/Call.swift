#if HTTP
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import SojournModel
import SojournWire

/// One request, as a route sees it.
struct Call: Sendable {
    let request: Request
    let context: HTTPContext
    let limits: HTTPLimits

    /// The value of a header field.
    func header(_ name: HTTPField.Name) -> String? { request.headers[name] }

    /// The task that the path names.
    func taskID() throws(JSONError) -> TaskID {
        guard let id = TaskID(context.parameters["task_id"] ?? "") else {
            throw JSONError(
                path: "task_id", message: "must be a task id such as 01979f3c-5d2a-7cc0-8a4e-0123456789ab")
        }
        return id
    }

    /// The queue that the path names.
    func queueName() throws(JSONError) -> QueueName {
        guard let name = QueueName(rawValue: String(context.parameters["name"] ?? "")) else {
            throw JSONError(path: "name", message: "must be a name of \(QueueName.rule)")
        }
        return name
    }

    /// The body, which must be one JSON text.
    func body() async throws -> JSONValue {
        try JSONValue(validating: try await bytes(), maxDepth: Limits.jsonDepth)
    }

    private func bytes() async throws(Problem) -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            for try await part in request.body {
                guard bytes.count + part.readableBytes <= limits.bodyBytes else { throw Problem.tooLarge(limits) }
                part.withUnsafeReadableBytes { bytes.append(contentsOf: $0) }
            }
        } catch let problem as Problem {
            throw problem
        } catch {
            throw .malformed("The body does not arrive as its header says.")
        }
        return bytes
    }
}
#endif
