import ServiceLifecycle

/// Runs `operation`, and cancels it when a graceful shutdown begins and `farewell` has returned.
///
/// As `cancelWhenGracefulShutdown`, which makes a task of its own for the cancellation: that one runs on the shared
/// pool, wherever the caller runs. Here nothing leaves the caller's executor, so a simulation owns every step.
public func untilShutdown<Value: Sendable>(
    _ operation: @escaping @Sendable () async throws -> Value,
    after farewell: @escaping @Sendable () async -> Void = {}
) async rethrows -> Value {
    let shutdown = OneShot()
    return try await withGracefulShutdownHandler {
        try await untilFired(shutdown, operation, after: farewell)
    } onGracefulShutdown: {
        shutdown.fire()
    }
}

/// Runs `operation`, and cancels it when `end` has happened and `farewell` has returned.
public func untilFired<Value: Sendable>(
    _ end: OneShot, _ operation: @escaping @Sendable () async throws -> Value,
    after farewell: @escaping @Sendable () async -> Void = {}
) async rethrows -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await operation() }
        group.addTask {
            await end.wait()
            if !Task.isCancelled { await farewell() }
            return nil
        }
        var value: Value?
        while let next = try await group.next() {
            value = value ?? next
            group.cancelAll()
        }
        guard let value else { preconditionFailure("The operation ended without a value.") }
        return value
    }
}
