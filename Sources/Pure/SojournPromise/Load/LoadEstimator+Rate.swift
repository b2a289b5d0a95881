extension LoadEstimator {
    /// The arrivals of about the last `seconds`: how many, and over which time exactly. nil before the second sample.
    public func arrivals(within seconds: Double) -> (count: Int, seconds: Double)? {
        guard let latest, let before = recent.nearest(to: latest.now - seconds) else { return nil }
        // Where ticks are further apart than `seconds` the last tick must do.
        let mark = before.now < latest.now ? before : recent.last(notAfter: latest.now.nextDown)
        guard let mark, mark.now < latest.now else { return nil }
        return (max(0, latest.arrived - mark.arrived), latest.now - mark.now)
    }

    /// λ̂: the mean of the last minute, moved into the confidence bands of every shorter window.
    ///
    /// A window of k seconds with N arrivals says (√(N + ⅜) ± z/2)²/k; the square root makes the spread of a Poisson
    /// count the same for every rate. Noise is inside of all bands and moves nothing; a tenfold step is outside within
    /// one or two ticks.
    /// - Parameters:
    ///   - up: the shortest window that may raise the rate, in seconds.
    ///   - down: the shortest window that may lower it, in seconds.
    ///   - jump: whether a significant rise counts at its face value N/k, rather than at the lower end of its band.
    ///   - confidence: z, in standard deviations.
    /// - Returns: tasks per second.
    public func rate(up: Double, down: Double, jump: Bool = false, confidence: Double = 3) -> Double {
        guard age >= Self.unknownSeconds else { return earlyRate }
        let window = min(Self.rateWindow, age)
        var rate = meanRate(window)
        // From the longest to the shortest, so that the news has the last word.
        for length in [32.0, 16, 8, 4, 2] where length < window {
            guard let seen = arrivals(within: length) else { continue }
            let root = (Double(seen.count) + 0.375).squareRoot()
            let least = max(0, root - confidence / 2)
            let most = root + confidence / 2
            if length >= up, least * least > rate * seen.seconds {
                rate = (jump ? Double(seen.count) : least * least) / seen.seconds
            } else if length >= down, most * most < rate * seen.seconds {
                rate = most * most / seen.seconds
            }
        }
        return rate
    }

    /// How many attempts a task takes: all arrivals over those that came for the first time, of two minutes. 1 without
    /// retries; T9 of *The promise* says what it may grow to.
    public var retryAmplification: Double {
        guard let latest, let before = recent.last(notAfter: latest.now - Self.serviceWindow) else { return 1 }
        let all = Double(max(0, latest.arrived - before.arrived))
        let again = Double(max(0, latest.retried - before.retried))
        return all > 0 ? all / max(1, all - again) : 1
    }

    private func meanRate(_ window: Double) -> Double {
        guard age < Self.priorSeconds, let prior = level.arrivalRate else {
            return arrivals(within: window).map { Double($0.count) / $0.seconds } ?? 0
        }
        let count = arrivals(within: age).map { Double($0.count) } ?? 0
        return (count + Self.priorSeconds * prior) / (age + Self.priorSeconds)
    }

    /// Too early to tell: the contract, else what came so far.
    private var earlyRate: Double {
        if let prior = level.arrivalRate { return prior }
        guard let seen = arrivals(within: Self.unknownSeconds) else { return 0 }
        return Double(seen.count) / max(seen.seconds, 2)
    }
}
