/// What c servers can promise for sure, whatever arrives (T1), and how far they may be reduced (T2).
///
/// Assumptions: first come, first served; no service lasts longer than `longestService` (say, it is stopped then);
/// servers stay alive unless a crash is counted. No assumption about arrivals and none about the law of service times.
public struct HardPromise: Equatable, Sendable {
    /// The number of servers, c.
    public let servers: Int
    /// The longest possible service S_max in seconds.
    public let longestService: Double

    /// - Throws: `QueueingError` for numbers outside their range.
    public init(servers: Int, longestService: Double) throws(QueueingError) {
        try Require.count(servers, "servers")
        try Require.positive(longestService, "longestService")
        self.servers = servers
        self.longestService = longestService
    }

    /// How many may wait so that each of them starts within `wait` seconds, even if up to `crashes` servers are lost
    /// meanwhile: K = c·⌊W/S_max⌋, or (c−f)·⌊W/S_max⌋ − f with f crashes. Saturates at `Int.max`.
    ///
    /// Proof: while somebody waits all c servers are busy, so each finishes ⌊W/S_max⌋ services in time W, and the task
    /// with n ahead starts at the (n+1)-th end. A crash takes a server away and puts one task back at the head. Tight.
    /// The tempting ⌊c·W/S_max⌋ is wrong: it counts parts of services that have not ended.
    public func capacity(within wait: Double, crashes: Int = 0) throws(QueueingError) -> Int {
        try Require.notNegative(wait, "wait")
        try Require.count(crashes, "crashes", from: 0)
        let rounds = HardPromise.wholeServices(in: wait, lasting: longestService)
        guard crashes < servers, rounds > 0 else { return 0 }
        let (positions, overflow) = (servers - crashes).multipliedReportingOverflow(by: rounds)
        return overflow ? .max : max(0, positions - crashes)
    }

    /// The longest possible wait in seconds of a task that finds `ahead` tasks waiting:
    /// ⌈(n+1+f)/(c−f)⌉·S_max with up to f crashes; infinite if all servers may crash.
    public func worstWait(ahead: Int, crashes: Int = 0) throws(QueueingError) -> Double {
        try Require.count(ahead, "ahead", from: 0, to: .max)
        try Require.count(crashes, "crashes", from: 0)
        guard crashes < servers else { return .infinity }
        let ends = Double(ahead) + 1 + Double(crashes)
        return (ends / Double(servers - crashes)).rounded(.up) * longestService
    }

    /// The longest possible wait in seconds where sizes are known: (Σ rest of the running + Σ sizes ahead)/c.
    ///
    /// Proof: until the task starts all c servers work on just these.
    /// - Parameters:
    ///   - residual: What is left of the running services, at most, in seconds of one server; their sum.
    ///   - workAhead: The declared sizes of all tasks ahead, in seconds of one server; their sum.
    public func worstWait(residual: Double, workAhead: Double) throws(QueueingError) -> Double {
        try Require.notNegative(residual, "residual")
        try Require.notNegative(workAhead, "workAhead")
        return (residual + workAhead) / Double(servers)
    }

    /// T2: the smallest number of servers that keeps every promise already given, at least 1; nil if none surely does.
    ///
    /// c' = max over positions p of ⌈(p+1)/⌊σ_p/S_max⌋⌉; it follows from T1 applied at this moment. Necessary as well
    /// in the worst case over service times up to `longestService`.
    /// - Parameters:
    ///   - slacks: The seconds left until each waiting task must start, in the order of the line, head first.
    ///   - longestService: The longest possible service in seconds.
    public static func fewestServers(keeping slacks: [Double], longestService: Double) throws(QueueingError) -> Int? {
        try Require.positive(longestService, "longestService")
        var needed = 1
        for (position, slack) in slacks.enumerated() {
            try Require.finite(slack, "slacks")
            let rounds = wholeServices(in: slack, lasting: longestService)
            guard rounds > 0 else { return nil }
            // ⌈(p+1)/rounds⌉ without a sum that could overflow.
            needed = max(needed, position / rounds + 1)
        }
        return needed
    }

    /// ⌊time/service⌋, where a quotient within 4 ulp of a whole number counts as that number.
    ///
    /// 0.3/0.1 is 2.9999999999999996 in binary and must be 3; the promise is stretched by less than 1e-15 of itself.
    static func wholeServices(in time: Double, lasting service: Double) -> Int {
        let quotient = time / service
        guard quotient >= 0 else { return 0 }
        // Beyond this neighbouring numbers differ by more than one service.
        guard quotient < 0x1p53 else { return .max }
        let nearest = quotient.rounded()
        let isWhole = abs(quotient - nearest) <= 4 * quotient.ulp
        return Int(isWhole ? nearest : quotient.rounded(.down))
    }
}
