#if HTTP
import HTTPTypes
import SojournModel
import SojournWire

/// The description of the whole interface (OpenAPI 3.1), made from the routes that the router knows.
struct OpenAPIDocument: JSONWritable {
    let routes: [Route]

    /// The document as JSON text.
    var bytes: [UInt8] {
        var writer = JSONWriter(capacity: 64 * 1024)
        writer.value(self)
        return writer.bytes
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("openapi", "3.1.0")
            writer.object("info") {
                $0.field("title", "Sojourn")
                $0.field("version", "1")
                $0.field(
                    "description",
                    """
                    A distributed task queue. An answer of 2xx says that the task is durable. Errors are RFC 9457 \
                    problems whose `detail` names the field and what is allowed there.
                    """)
                $0.object("license") {
                    $0.field("name", "MIT")
                    $0.field("identifier", "MIT")
                }
            }
            writer.object("paths") { writePaths(to: &$0) }
            writer.object("components") { writer in
                writer.object("schemas") { writer in
                    for schema in Schema.all {
                        writer.key(named: schema.name)
                        writer.value(schema.schema)
                    }
                }
                writer.object("securitySchemes") {
                    $0.object("key") {
                        $0.field("type", "http")
                        $0.field("scheme", "bearer")
                        $0.field("description", "One of the server's API keys, where it has any.")
                    }
                }
            }
            writer.array("security") { $0.object { $0.array("key", [String]()) } }
        }
    }

    private func writePaths(to writer: inout JSONWriter) {
        for (path, routes) in Dictionary(grouping: routes, by: \.path).sorted(by: { $0.key < $1.key }) {
            writer.key(named: path)
            writer.object { writer in
                for route in routes {
                    writer.key(named: route.method.rawValue.lowercased())
                    writer.object { write(route, to: &$0) }
                }
            }
        }
    }

    private func write(_ route: Route, to writer: inout JSONWriter) {
        writer.field("summary", route.summary)
        writer.field("operationId", route.operationID)
        if route.isOpen { writer.array("security") { _ in } }
        let parameters = route.allParameters
        if !parameters.isEmpty {
            writer.array("parameters") { writer in for parameter in parameters { writer.value(parameter) } }
        }
        if let body = route.body {
            writer.object("requestBody") {
                $0.field("required", true)
                $0.object("content") {
                    $0.object("application/json") { $0.field("schema", Schema.reference(body)) }
                }
            }
        }
        writer.object("responses") { writer in
            for answer in route.answers { write(answer, to: &writer) }
            for status in route.allProblems { writeProblem(status, to: &writer) }
        }
    }

    private func write(_ answer: Route.Answer, to writer: inout JSONWriter) {
        writer.key(named: String(answer.status))
        writer.object {
            $0.field("description", answer.description)
            guard let schema = answer.schema else { return }
            $0.object("content") { $0.object("application/json") { $0.field("schema", Schema.reference(schema)) } }
        }
    }

    private func writeProblem(_ status: Int, to writer: inout JSONWriter) {
        writer.key(named: String(status))
        writer.object {
            $0.field("description", HTTPResponse.Status(code: status).meaning)
            $0.object("content") {
                $0.object("application/problem+json") { $0.field("schema", Schema.reference("Problem")) }
            }
        }
    }
}

extension HTTPResponse.Status {
    /// What a refusal with this status says.
    fileprivate var meaning: String {
        switch code {
        case 400: "The request is malformed; the detail names the field."
        case 401: "No valid API key."
        case 403: "The Host or Origin of the request is not allowed."
        case 404: "There is no such thing."
        case 409: "It is in the wrong state."
        case 413: "The body or a payload is too large."
        case 415: "The body is not application/json."
        case 422: "The idempotency key belongs to another request."
        case 429: "Too much at once; try later."
        case 503: "The store cannot be reached now."
        case 507: "The store has no room left."
        default: reasonPhrase
        }
    }
}

extension Route {
    /// A name for the operation: `post_tasks_task_id_cancel`.
    fileprivate var operationID: String {
        let words = path.split { !$0.isLetter && !$0.isNumber }.joined(separator: "_")
        return method.rawValue.lowercased() + (words.isEmpty ? "" : "_") + words
    }

    /// The refusals of this route and of every route like it.
    fileprivate var allProblems: [Int] {
        var all = Set(problems).union([400, 403])
        if !isOpen { all.formUnion([401, 503]) }
        if body != nil { all.formUnion([413, 415]) }
        return all.subtracting(answers.map(\.status)).sorted()
    }

    fileprivate var allParameters: [DescribedParameter] {
        var parameters = path.split(separator: "/").filter { $0.hasPrefix("{") }.map { part in
            let name = String(part.dropFirst().dropLast())
            let schema = name == "task_id" ? Schema.string(format: "uuid") : .name
            return DescribedParameter(name: name, place: "path", schema: schema, description: nil)
        }
        parameters += query.map {
            DescribedParameter(name: $0.name, place: "query", schema: $0.schema, description: $0.description)
        }
        if body == "EnqueueRequest" {
            parameters += [
                DescribedParameter(
                    name: "Idempotency-Key", place: "header",
                    schema: .string(maxLength: Limits.idempotencyKeyLength),
                    description: "The same as `idempotency_key` in the body."),
                DescribedParameter(
                    name: "traceparent", place: "header", schema: .string(), description: "W3C trace context."),
            ]
        }
        return parameters
    }
}

/// A parameter of an operation, wherever it stands.
private struct DescribedParameter: JSONWritable {
    let name: String
    let place: String
    let schema: Schema
    let description: String?

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("name", name)
            $0.field("in", place)
            if place == "path" { $0.field("required", true) }
            if let description { $0.field("description", description) }
            $0.field("schema", schema)
        }
    }
}
#endif
