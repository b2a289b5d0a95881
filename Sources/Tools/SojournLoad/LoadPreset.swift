public import SojournModel

/// A load with a name, to be compared with others' figures.
public struct LoadPreset: Sendable {
    /// A row of figures: another system's, or a limit.
    public struct Row: Sendable, Hashable {
        /// Whose.
        public var name: String
        /// Until all but the sleepers had ended, in seconds.
        public var seconds: Double?
        /// Tasks per second.
        public var throughput: Double?
        /// 95 % of the attempts ran no longer, in seconds.
        public var run: Double?
        /// 95 % of the tasks waited no longer, in seconds.
        public var wait: Double?
        /// The share of tasks that failed for good, in percent.
        public var failed: Double?
        /// Attempts after a task's first.
        public var retries: Int?
        /// Leases that ran out.
        public var reaped: Int?

        /// A row from its figures; nil where there is none.
        public init(
            name: String, seconds: Double? = nil, throughput: Double? = nil, run: Double? = nil, wait: Double? = nil,
            failed: Double? = nil, retries: Int? = nil, reaped: Int? = nil
        ) {
            self.name = name
            self.seconds = seconds
            self.throughput = throughput
            self.run = run
            self.wait = wait
            self.failed = failed
            self.retries = retries
            self.reaped = reaped
        }
    }

    /// Its name on the command line.
    public let name: String
    /// How many tasks.
    public let tasks: Int
    /// Tasks per call.
    public let batch: Int
    /// What they do.
    public let mix: TaskMix
    /// When those that fail try again, so that a comparison does not hang on what a server is set to.
    public let retry: RetryPolicy
    /// Worker processes, and tasks at once in each.
    public let workers: (count: Int, slots: Int)
    /// What to compare it with.
    public let rows: [Row]

    /// 10,000 tasks at once for three workers of twelve: run times are exponential with a 95th percentile of 25 ms,
    /// 1.8 % need one retry, up to 100 ms later, 2 % fail for good, and twelve sleep past their lease.
    public static let burst = LoadPreset(
        name: "burst-10k", tasks: 10_000, batch: 1_000,
        mix: TaskMix([
            .init(.work(meanMilliseconds: burstMean), percent: 96.08), .init(.flaky(failures: 1), percent: 1.8),
            .init(.fail(retries: 0), percent: 2), .init(.sleep(milliseconds: 80_000), percent: 0.12),
        ]),
        retry: RetryPolicy(base: .milliseconds(100)),
        workers: (3, 12),
        rows: [
            Row(
                name: "an older system", seconds: 22, throughput: 450, run: 0.025, wait: 0.8, failed: 2, retries: 180,
                reaped: 12)
        ])

    /// All presets.
    public static let all = [burst]

    /// The mean, in milliseconds, of an exponential distribution whose 95th percentile is 25 ms: p95 = mean · ln 20.
    private static let burstMean = 25 / 2.995_732_273_553_991
}
