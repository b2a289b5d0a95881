/// Why a gap grows.
enum AuditCause: Equatable {
    case leak(tasks: Int)
    /// Consumer clock minus true clock, in seconds.
    case clock(offset: Double)
}

extension AuditSamples {
    /// Seconds of data that explain a gap: few, so that they soon show one state only; more where these say too little.
    private static let spans = (short: 20.0, long: LittlesLawAudit.window)
    private static let leastSteps = 4

    /// Why the gap grows now; nil where the data do not say it.
    ///
    /// A leak makes the counter and the number of tasks differ, a clock does not: so the growth of the gap is compared
    /// with the surplus. Where events that are told late blur that, the load decides: each step between two readings
    /// obeys `Δgap = k·Δt - δ·departures`, and a leak grows whatever the load, a clock only with it.
    func cause() -> AuditCause? {
        let short = steps(over: Self.spans.short, atLeast: Self.leastSteps)
        guard short.count >= Self.leastSteps else { return nil }
        let long = steps(over: Self.spans.long, atLeast: Self.leastSteps)
        guard let isLeak = isLeakBySurplus(short) ?? isLeakBySurplus(long) ?? isLeakByLoad(long) else { return nil }
        if isLeak { return leak(short) }
        let (gap, departures) = short.reduce((0, 0)) { ($0.0 + $1.gap, $0.1 + $1.departures) }
        return departures > 0 ? .clock(offset: -gap / departures) : nil
    }

    /// nil where both explanations fit, or neither.
    private func isLeakBySurplus(_ steps: [Growth]) -> Bool? {
        let surplus = Mean(steps.map(\.surplus))
        let doubt = 0.25 + 3 * surplus.error
        let isLeak = (StepFit(steps).slope - surplus.value).magnitude <= doubt
        let isClock = surplus.value.magnitude <= doubt
        return isLeak == isClock ? nil : isLeak
    }

    private func isLeakByLoad(_ steps: [Growth]) -> Bool? {
        let fit = StepFit(steps)
        guard fit.leakError <= 0.25 else { return nil }
        if fit.leak.magnitude >= (fit.perDeparture * fit.throughput).magnitude { return true }
        return fit.leak.magnitude <= 0.5 ? false : nil
    }

    /// A leak of the size that the growth shows once it is steady; one that still grows, of its newest size.
    private func leak(_ steps: [Growth]) -> AuditCause? {
        let half = steps.count / 2
        let (early, late) = (StepFit(Array(steps[..<half])).slope, StepFit(Array(steps[half...])).slope)
        let whole = late.rounded()
        if (early - late).magnitude <= 0.25, (late - whole).magnitude <= 0.25 {
            return Int(exactly: whole).flatMap { $0 == 0 ? nil : .leak(tasks: $0) }
        }
        return steadySurplus.flatMap { $0 == 0 ? nil : .leak(tasks: $0) }
    }

    /// The mean of some numbers and its standard error.
    private struct Mean {
        let value: Double
        let error: Double

        init(_ numbers: [Double]) {
            let count = Double(numbers.count)
            let mean = numbers.reduce(0, +) / count
            let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            value = mean
            error = (squares / max(1, count - 1) / count).squareRoot()
        }
    }
}

/// Least squares of `Δgap = leak·Δt + perDeparture·departures` over the steps.
struct StepFit {
    /// In tasks.
    let leak: Double
    /// In seconds.
    let perDeparture: Double
    /// The standard error of ``leak``; infinite where throughput was constant, so that the two cannot be told apart.
    let leakError: Double
    /// Growth of the gap per second, and departures per second.
    let slope: Double
    let throughput: Double

    init(_ steps: [AuditSamples.Growth]) {
        var (tt, tn, nn, gt, gn, gg) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        for step in steps {
            tt += step.seconds * step.seconds
            tn += step.seconds * step.departures
            nn += step.departures * step.departures
            gt += step.gap * step.seconds
            gn += step.gap * step.departures
            gg += step.gap * step.gap
        }
        let seconds = steps.reduce(0) { $0 + $1.seconds }
        slope = steps.reduce(0) { $0 + $1.gap } / max(seconds, 1e-9)
        throughput = steps.reduce(0) { $0 + $1.departures } / max(seconds, 1e-9)
        let determinant = tt * nn - tn * tn
        if nn == 0 {
            // Nothing left: whatever grows is no clock.
            (leak, perDeparture, leakError) = (slope, 0, 0)
        } else if determinant > 1e-6 * tt * nn {
            leak = (gt * nn - gn * tn) / determinant
            perDeparture = (gn * tt - gt * tn) / determinant
            let squares = max(0, gg - leak * gt - perDeparture * gn) / Double(max(1, steps.count - 2))
            leakError = (squares * nn / determinant).squareRoot()
        } else {
            (leak, perDeparture, leakError) = (0, 0, .infinity)
        }
    }
}
