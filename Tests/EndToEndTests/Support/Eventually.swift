/// What was waited for did not happen in time.
struct TimedOut: Error, CustomStringConvertible {
    let description: String
}

/// Asks again and again until there is an answer, for `limit` at most: a busy machine takes its time.
func eventually<Value>(
    _ what: String, within limit: Duration = .seconds(60), _ find: () async throws -> Value?
) async throws -> Value {
    let end = ContinuousClock.now + limit
    while true {
        if let value = try await find() { return value }
        guard ContinuousClock.now < end else { throw TimedOut(description: "not within \(limit): \(what)") }
        try await Task.sleep(for: .milliseconds(10))
    }
}
