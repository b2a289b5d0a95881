import SojournCore

/// Fails the check unless `condition` holds.
func expect(
    _ condition: Bool, _ promise: String, file: String = #fileID, line: Int = #line
) throws(ConformanceFailure) {
    if !condition { throw ConformanceFailure(promise, file: file, line: line) }
}

/// Fails the check unless both values are equal.
func expectEqual<Value: Equatable>(
    _ actual: Value, _ expected: Value, _ what: String, file: String = #fileID, line: Int = #line
) throws(ConformanceFailure) {
    if actual == expected { return }
    throw ConformanceFailure("\(what): expected \(expected), got \(actual)", file: file, line: line)
}

/// The value, or a failed check where there is none.
func require<Value>(
    _ value: Value?, _ promise: String, file: String = #fileID, line: Int = #line
) throws(ConformanceFailure) -> Value {
    guard let value else { throw ConformanceFailure(promise, file: file, line: line) }
    return value
}

/// Gives others the chance to run until `condition` holds, for about a fifth of a second at most; whether it held.
///
/// For conditions that make a check sharper, not for those that it depends on: a slow machine must not fail it.
@discardableResult
func giveChance(until condition: () -> Bool) async -> Bool {
    for round in 0..<250 {
        if condition() { return true }
        await pause(round)
    }
    return condition()
}

/// Runs `body`, and fails the check where that takes longer than half a minute of real time.
func inReasonableTime<Value: Sendable>(
    _ promise: String, file: String = #fileID, line: Int = #line, _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await SystemTime().sleep(for: .seconds(30))
            return nil
        }
        defer { group.cancelAll() }
        let first = try await group.next() ?? nil
        return try require(first, promise, file: file, line: line)
    }
}

/// Lets others run; after fifty rounds by sleeping a little.
func pause(_ round: Int) async {
    if round < 50 { await Task.yield() } else { try? await SystemTime().sleep(for: .milliseconds(1)) }
}
