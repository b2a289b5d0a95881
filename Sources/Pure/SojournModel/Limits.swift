/// Every bound of the system, in one place, with the assertions that relate them.
///
/// A number from outside is compared with these before it is used; a number inside may rely on them.
public enum Limits {
    /// Bytes of one payload.
    public static let payloadBytes = 256 * 1024
    /// Bytes of one result handed back by a handler; a longer one is not kept.
    public static let resultBytes = 64 * 1024
    /// Bytes of one error message kept with an attempt; longer ones are cut.
    public static let errorBytes = 16 * 1024
    /// Bytes of one HTTP request body.
    public static let bodyBytes = 1024 * 1024
    /// Tasks in one enqueue call.
    public static let enqueueBatch = 1_000
    /// Deliveries in one claim, leases in one heartbeat, results in one completion.
    public static let claimBatch = 1_000
    /// Rows that one tick of a background duty touches.
    public static let dutyBatch = 10_000
    /// Records on one page of a listing.
    public static let page = 500
    /// Records that one page of a listing may look at while it filters.
    public static let pageScan = 20_000
    /// Characters of a queue, type, tenant, tag or worker name.
    public static let nameLength = 128
    /// Characters of an idempotency key.
    public static let idempotencyKeyLength = 255
    /// Tags of one task.
    public static let tags = 16
    /// Retries that a task may ask for.
    public static let maxRetries = 1_000
    /// Attempts at once in one process.
    public static let concurrency = 10_000
    /// Nested arrays and objects in a JSON document.
    public static let jsonDepth = 64
    /// Lanes (queue, tenant, priority, type) that a backend keeps.
    public static let lanes = 100_000
    /// Lease expiries after which a task counts as poison and is dead-lettered.
    public static let crashes = 3
    /// Longest delay, time-out, deadline or snooze: ten years.
    public static let horizon: Duration = .seconds(10 * 366 * 86_400)
    /// Shortest and longest lease.
    public static let lease: ClosedRange<Duration> = .seconds(1) ... .seconds(86_400)
    /// Longest wait of one claim for a task to arrive.
    public static let claimWait: Duration = .seconds(60)

    /// The relations that the rest of the code relies on; checked by a test.
    static let hold: [Bool] = [
        payloadBytes < bodyBytes, resultBytes < bodyBytes, page <= pageScan, claimBatch <= dutyBatch,
        claimWait < lease.upperBound, lease.upperBound < horizon,
    ]
}
