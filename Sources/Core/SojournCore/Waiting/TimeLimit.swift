/// What `body` returns, or nil when `limit` was over first; `body` is then cancelled and waited for.
package func withTimeLimit<Result: Sendable>(
    _ limit: Duration, on time: any TimeSource, _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result? {
    try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await time.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        return try await group.next() ?? nil
    }
}
