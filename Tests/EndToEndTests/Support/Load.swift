extension Wire {
    /// Some of everything, about ten times a second, while `body` runs.
    func withLoad(_ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    for task in [
                        #"{"type":"noop","queue":"mail"}"#,
                        #"{"type":"sleeper","payload":{"ms":50},"queue":"mail"}"#,
                        #"{"type":"flaky","payload":{"attempts":1},"queue":"mail"}"#,
                        #"{"type":"always_fail","max_retries":0,"queue":"mail"}"#,
                        #"{"type":"sleeper","payload":{"ms":400},"queue":"tight"}"#,
                        #"{"type":"noop","queue":"other","priority":"high"}"#,
                    ] { _ = try? await post("/tasks", task) }
                    try? await Task.sleep(for: .milliseconds(100))
                }
            }
            try await body()
            group.cancelAll()
            try await group.waitForAll()
        }
    }
}
