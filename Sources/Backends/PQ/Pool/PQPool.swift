#if Postgres
public import Logging
import Synchronization

/// A client of one PostgreSQL server: a few connections that callers take in turn.
///
/// A connection opens with the first call that finds none idle, and stays open. Whoever finds all of them busy waits in
/// line. What breaks is dropped, and the next call opens another; calls wait for that up to
/// ``PQConfiguration/connectTimeout``. Statements that were sent and not answered are never sent again:
/// ``PQError/mayHaveExecuted`` tells their caller so.
///
/// End it with ``close()``.
public final class PQPool: Sendable {
    /// How patient the pool is. It holds the address, which may hold a password.
    public let configuration: PQConfiguration
    /// `host:port/database`, for logs and messages.
    public let place: String
    let address: Address
    let logger: Logger
    let state: Mutex<PoolState>

    /// Prepares a pool; it connects with the first call.
    ///
    /// - Throws: ``PQError/Code/invalidAddress`` if the address is not valid, or not safe.
    public init(
        _ configuration: PQConfiguration, logger: Logger = Logger(label: "sojourn.postgres")
    ) throws(PQError) {
        self.configuration = configuration
        self.logger = logger
        address = try Address(configuration)
        place = address.place
        state = Mutex(PoolState(maximum: configuration.maxConnections))
    }

    deinit {
        for link in state.withLock({ $0.close().links }) { link.close(.closed) }
    }

    /// Runs `statements` in one trip to the server, as one transaction: all of them are committed, or none.
    ///
    /// The first error skips what follows it and is thrown. Cancelling the caller cancels the statements; the call
    /// ends when the server has said what came of them, or after two seconds.
    ///
    /// - Parameter isCancellable: False where the work must be done although its caller is being stopped: then the call
    ///   ends as if nobody had cancelled it.
    /// - Returns: Result i belongs to statement i.
    public func run(
        _ statements: [PQStatement], isCancellable: Bool = true
    ) async throws(PQError) -> [PQResult] {
        guard !statements.isEmpty else { return [] }
        var encoded: [EncodedStatement] = []
        encoded.reserveCapacity(statements.count)
        for statement in statements { encoded.append(try EncodedStatement(statement)) }
        let job = try job(.implicit, encoded, limited: true)
        return try await onLink(isCancellable: isCancellable) { link async throws(PQError) in
            try await self.trip(job, on: link, mayRepeat: true, isCancellable: isCancellable)
        }
    }

    /// Runs one statement, as a transaction of its own.
    public func run(_ sql: String, _ parameters: [PQValue] = []) async throws(PQError) -> PQResult {
        guard let result = try await run([PQStatement(sql, parameters)]).first else {
            throw PQError(.protocolViolation, "There is no result.")
        }
        return result
    }

    /// Ends every connection and listener. Whoever waits gets ``PQError/Code/closed``; returns when all are closed.
    public func close() async {
        let (waiters, links) = state.withLock { $0.close() }
        for waiter in waiters { waiter.resume(returning: .refused(.closed)) }
        for link in links { link.close(.closed) }
        for link in links { await link.closed() }
    }

    /// Numbers of connections, for metrics and tests.
    public var counts: (open: Int, idle: Int, waiting: Int) {
        state.withLock { ($0.count, $0.idle.count, $0.waiting.count) }
    }

    /// Wraps statements into a job; `limited` adds the limits that a connection cannot keep behind PgBouncer.
    func job(_ kind: Job.Kind, _ statements: [EncodedStatement], limited: Bool) throws(PQError) -> Job {
        let isPreparing = configuration.preparesStatements
        var statements = statements
        var prologue = 0
        if limited, !isPreparing {
            statements.insert(try EncodedStatement(configuration.limitStatement), at: 0)
            prologue = 1
        }
        // Zero is no limit on the server, so there is none here.
        let timeout = configuration.statementTimeout
        let perStatement = timeout < .milliseconds(1) ? .seconds(1 << 30) : timeout + .seconds(5)
        return Job(
            kind: kind, statements: statements, prologue: prologue, preparing: isPreparing,
            patience: perStatement * max(1, statements.count))
    }

    /// One trip. A statement that the server no longer knows is prepared again, unless its transaction is lost by it.
    func trip(
        _ job: Job, on link: Link, mayRepeat: Bool, isCancellable: Bool = true
    ) async throws(PQError) -> [PQResult] {
        guard let ending = await link.run(job, isCancellable: isCancellable) else { throw .stale }
        let isCancelled = isCancellable && Task.isCancelled
        if mayRepeat, case .failure(let error) = ending, error.lostStatement, !isCancelled {
            guard let ending = await link.run(job, isCancellable: isCancellable) else { throw .stale }
            return try ending.get()
        }
        return try ending.get()
    }

    /// Runs `body` on a connection of its own, and on another if the first turns out to be gone before it was used.
    func onLink<T>(
        isCancellable: Bool = true, _ body: (Link) async throws(PQError) -> T
    ) async throws(PQError) -> T {
        var tries = 0
        while true {
            let link = try await takeLink(isCancellable: isCancellable)
            tries += 1
            do throws(PQError) {
                let value = try await body(link)
                giveBack(link)
                return value
            } catch {
                giveBack(link)
                guard error == .stale, tries <= configuration.maxConnections else { throw error }
            }
        }
    }
}

extension PQError {
    /// The connection was gone before anything was sent. Callers see it only if all connections are like that.
    static let stale = PQError(.connectionLost, "The connection was lost while it was idle.")
}

extension PQConfiguration {
    /// Sets the limits for the transaction that it is part of.
    var limitStatement: PQStatement {
        let calls = limits.enumerated().map { "set_config('\($1.name)', $\($0 + 1), true)" }
        return PQStatement("SELECT " + calls.joined(separator: ", "), limits.map { .text($0.milliseconds) })
    }
}
#endif
