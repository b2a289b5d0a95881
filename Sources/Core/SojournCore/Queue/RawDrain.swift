import SojournModel

extension TaskStore {
    /// Inserts `count` tasks of 100 bytes, a thousand at a time, and then lets two callers `fetchAll` of them; tasks
    /// per second of the latter. What a store does where nothing else is done.
    package func rawDrainSpeed(
        _ count: Int, time: any TimeSource, _ fetchAll: @escaping @Sendable () async throws(BackendError) -> Void
    ) async throws -> Double {
        let payload = [UInt8](repeating: UInt8(ascii: "x"), count: 100)
        for start in stride(from: 0, to: count, by: Limits.enqueueBatch) {
            let now = time.now()
            _ = try await insert(
                (start..<min(start + Limits.enqueueBatch, count)).map { _ in
                    NewTask(message: TaskMessage(type: "noop", payload: payload, now: now))
                })
        }
        let begin = time.now()
        async let other: Void = fetchAll()
        try await fetchAll()
        try await other
        return Double(count) / time.now().duration(since: begin).inSeconds
    }
}
