public import SojournModel

/// Does the work of one type of task.
///
/// Throw to fail the attempt: any error is retried by policy, ``Failure`` says more. Return an ``Outcome`` for
/// everything else. Look at `Task.isCancelled` in long work: it is set when the attempt's time is up, its lease is
/// lost, somebody cancelled the task, or the worker shuts down.
public protocol TaskHandler<Payload>: Sendable {
    /// The typed arguments.
    associatedtype Payload: TaskPayload
    /// Makes one attempt.
    func handle(_ payload: Payload, context: TaskContext) async throws -> Outcome
}

/// Wraps every attempt of every type: metrics, tracing, circuit breaker.
public protocol TaskMiddleware: Sendable {
    /// The attempt inside.
    typealias Next = @Sendable (Delivery, TaskContext) async -> Outcome
    /// Makes the attempt by calling `next`, or decides not to.
    func intercept(_ delivery: Delivery, context: TaskContext, next: Next) async -> Outcome
}

/// An immutable table from type to handler: filled at start, then read without locks.
public struct HandlerRegistry: Sendable {
    /// One attempt, from bytes to outcome.
    public typealias Run = @Sendable (Delivery, TaskContext) async -> Outcome

    private var table: [TaskType: Run] = [:]
    private let coder: any PayloadCoder
    private let middleware: [any TaskMiddleware]

    /// An empty table; the first middleware is the outermost.
    public init(coder: any PayloadCoder = JSONPayloadCoder(), middleware: [any TaskMiddleware] = []) {
        self.coder = coder
        self.middleware = middleware
    }

    /// The types that have a handler.
    public var types: Set<TaskType> { Set(table.keys) }

    /// The way to run tasks of `type`, if it has a handler.
    public subscript(type: TaskType) -> Run? { table[type] }

    /// Adds a handler.
    public mutating func register<Handler: TaskHandler>(_ handler: Handler) {
        add(Handler.Payload.self) { payload, context in try await handler.handle(payload, context: context) }
    }

    /// Adds a handler that succeeds when it returns and fails when it throws.
    public mutating func register<Payload: TaskPayload>(
        _ type: Payload.Type, handle: @escaping @Sendable (Payload, TaskContext) async throws -> Void
    ) {
        add(type) { payload, context in
            try await handle(payload, context)
            return .succeeded()
        }
    }

    /// Adds a handler whose return value is kept with the task as its result.
    public mutating func register<Payload: TaskPayload, Result: Encodable & Sendable>(
        _ type: Payload.Type, returning: Result.Type,
        handle: @escaping @Sendable (Payload, TaskContext) async throws -> Result
    ) {
        let coder = self.coder
        add(type) { payload, context in .succeeded(result: try coder.encode(try await handle(payload, context))) }
    }

    /// Adds a handler that takes the payload as bytes.
    public mutating func register(
        _ type: TaskType, handleBytes: @escaping @Sendable ([UInt8], TaskContext) async throws -> Outcome
    ) {
        precondition(table[type] == nil, "A handler for \(type) is already registered.")
        let innermost: Run = { delivery, context in
            do {
                return try await handleBytes(delivery.message.payload, context)
            } catch let failure as Failure {
                return .failed(failure)
            } catch {
                return .failed(Failure(String(describing: error)))
            }
        }
        table[type] = middleware.reversed().reduce(innermost) { next, middleware in
            { delivery, context in await middleware.intercept(delivery, context: context, next: next) }
        }
    }

    private mutating func add<Payload: TaskPayload>(
        _ type: Payload.Type, _ body: @escaping @Sendable (Payload, TaskContext) async throws -> Outcome
    ) {
        let coder = self.coder
        register(type.type) { bytes, context in
            let payload: Payload
            do {
                payload = try coder.decode(type, from: bytes)
            } catch {
                // The same bytes will not decode next time either.
                throw Failure("The payload is not a \(Payload.self): \(error)", isRetryable: false)
            }
            return try await body(payload, context)
        }
    }
}
