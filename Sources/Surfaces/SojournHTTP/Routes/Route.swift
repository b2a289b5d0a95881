#if HTTP
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// One row of the route table: what is registered with the router and what the API description says are the same.
struct Route: Sendable {
    /// A parameter in the query of an address.
    struct Parameter: Sendable {
        let name: String
        let schema: Schema
        let description: String
    }

    /// What a route may answer.
    struct Answer: Sendable {
        let status: Int
        let description: String
        /// The name of the schema of its body; nil = not JSON.
        let schema: String?
    }

    let method: HTTPRequest.Method
    /// With parameters in braces, as in `/tasks/{task_id}`.
    let path: String
    let summary: String
    /// Whether it is open without a key.
    var isOpen = false
    /// Whether it may be asked under any host name: those who look after processes know only addresses.
    var isForAnyHost = false
    var query: [Parameter] = []
    /// The name of the schema of its request's body.
    var body: String?
    let answers: [Answer]
    /// The kinds of refusal besides those that every route knows.
    var problems: [Int] = []
    let run: @Sendable (Call) async throws -> Response
}
#endif
