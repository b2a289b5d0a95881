/// How retries multiply the arrivals (T9).
public enum RetryLoad {
    /// The mean number of attempts per task: 1 + p + … + p^r = (1−p^{r+1})/(1−p); r + 1 where every attempt fails.
    ///
    /// Assumes that attempts fail independently with the same probability p. If failures come from overload, p grows
    /// with the wait and the factor can reach r + 1: a budget (see `budgeted`) is what prevents that.
    /// - Parameters:
    ///   - failure: The probability that an attempt fails, 0 to 1.
    ///   - retries: How often a failed task is tried again, at most.
    public static func amplification(failure: Double, retries: Int) throws(QueueingError) -> Double {
        guard failure >= 0, failure <= 1 else {
            throw .invalid(field: "failure", value: failure, valid: "a probability from 0 to 1")
        }
        try Require.count(retries, "retries", from: 0)
        let attempts = Double(retries) + 1
        guard failure > 0 else { return 1 }
        guard failure < 1 else { return attempts }
        // p^n − 1 through expm1, since p may be close to 1.
        return Libm.expm1(attempts * Libm.log1p(failure - 1)) / (failure - 1)
    }

    /// The attempts per second λ_eff that `arrivalRate` tasks per second cause: λ·amplification.
    public static func attemptRate(
        arrivalRate: Double, failure: Double, retries: Int
    ) throws(QueueingError) -> Double {
        try Require.notNegative(arrivalRate, "arrivalRate")
        return arrivalRate * (try amplification(failure: failure, retries: retries))
    }

    /// The most attempts per task under a retry budget: with retries limited to a share of successes, 1 + share.
    ///
    /// Proof: there are at most as many successes as tasks.
    public static func budgeted(share: Double) throws(QueueingError) -> Double {
        try Require.notNegative(share, "share")
        return 1 + share
    }
}
