/// One promise of the seams, as something that can be tried. Needs no test framework.
///
/// ```swift
/// @Test(arguments: ConformanceSuite.checks)
/// func conforms(check: ConformanceCheck) async throws {
///     let time = ManualTime()
///     let queue = MyQueue(time: time)
///     try await check.run(on: ConformanceSubject(store: queue, backend: queue, time: time))
/// }
/// ```
public struct ConformanceCheck: Sendable, Identifiable, CustomStringConvertible {
    /// What is promised, in a few words. Checks that other people's bugs taught us are named after them.
    public let name: String
    private let body: @Sendable (Trial) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (Trial) async throws -> Void) {
        self.name = name
        self.body = body
    }

    /// The name: it is unique in the suite.
    public var id: String { name }
    /// The name.
    public var description: String { name }

    /// Tries it on a fresh subject.
    ///
    /// - Throws: ``ConformanceFailure`` where the promise is broken, and whatever the subject throws.
    public func run(on subject: ConformanceSubject) async throws {
        try await body(Trial(subject: subject))
    }
}

/// A broken promise.
public struct ConformanceFailure: Error, Sendable, CustomStringConvertible {
    /// What was expected, what happened, and where in the suite that stands.
    public let description: String

    init(_ message: String, file: String, line: Int) { description = "\(message) [\(file):\(line)]" }
}

/// Everything that a store and a backend promise together.
public enum ConformanceSuite {
    /// For every backend and store.
    public static let checks: [ConformanceCheck] =
        insertChecks + idempotencyChecks + selectionChecks + fairnessChecks + dispatchChecks + leaseChecks
        + waitingChecks + finishChecks + retryChecks + fencingChecks + reaperChecks + dueChecks + deadLetterChecks
        + cancelChecks + deadlineChecks + pauseChecks + depthChecks + listingChecks + fidelityChecks
        + retentionChecks + workloadChecks

    /// For those that outlive their process; they need ``ConformanceSubject/reopen``.
    public static let durabilityChecks: [ConformanceCheck] = reopenChecks
}
