/// M/D/c: Poisson arrivals, c servers, every service takes the same time, in order of arrival.
///
/// Crommelin 1932. Exact in steady state, to about ten digits. Two ways to the same numbers: roots where the line is
/// long, a random walk where it is short, since there the roots would leave a small difference of large numbers.
public struct MDc: Equatable, Sendable {
    /// Arrivals per second, λ.
    public let arrivalRate: Double
    /// The constant service time D in seconds.
    public let serviceTime: Double
    /// The number of servers, c.
    public let servers: Int
    /// The offered load a = λ·D, in servers.
    public let load: Double
    /// The share of arrivals that wait at all.
    public let waitProbability: Double
    /// The mean number of waiting tasks.
    public let meanQueueLength: Double

    /// The work grows with the number of servers: at most 100,000.
    ///
    /// - Throws: `QueueingError` for numbers outside their range and where λ·D ≥ c.
    public init(arrivalRate: Double, serviceTime: Double, servers: Int) throws(QueueingError) {
        try Require.count(servers, "servers", to: 100_000)
        load = try Require.stableLoad(arrivalRate: arrivalRate, serviceTime: serviceTime, servers: servers)
        self.arrivalRate = arrivalRate
        self.serviceTime = serviceTime
        self.servers = servers
        let count = Double(servers)
        let isShort = count * MDc.decay(idle: (count - load) / count) > 0.5
        (waitProbability, meanQueueLength) =
            isShort ? MDc.walk(servers: count, load: load) : MDc.roots(servers: servers, load: load)
    }

    /// The mean wait before service in seconds, over all arrivals.
    public var meanWait: Double { meanQueueLength / arrivalRate }
}

extension MDc {
    /// Through the c−1 roots z_r inside the unit circle of z^c = e^{a(z−1)}:
    /// P(N < c) = (c−a)/Π(1−z_r) and mean N = Σ 1/(1−z_r) + c/(2(c−a)) − (c−a)/2, where N counts all in the system.
    ///
    /// Roots come in conjugate pairs, so half of them is enough.
    static func roots(servers: Int, load: Double) -> (wait: Double, queue: Double) {
        let count = Double(servers)
        let utilization = load / count
        var logProduct = 0.0
        var sum = 0.0
        var root = Complex(re: 0, im: 0)
        for index in stride(from: 1, through: servers / 2, by: 1) {
            root = MDc.root(angle: 2 * .pi * Double(index) / count, utilization: utilization, near: root)
            let distance = (1 - root.re) * (1 - root.re) + root.im * root.im
            let pair = 2 * index == servers ? 0.5 : 1
            logProduct += pair * Libm.log(distance)
            sum += 2 * pair * (1 - root.re) / distance
        }
        let free = count - load
        let idle = Libm.exp(Libm.log(free) - logProduct)
        let queue = sum + count / (2 * free) - free / 2 - load
        return (1 - min(1, idle), max(0, queue))
    }

    /// The root of z = e^{iφ}·e^{ρ(z−1)} inside the unit circle.
    ///
    /// The right-hand side maps the disc into itself; a Newton step that leaves the disc is replaced by it.
    private static func root(angle: Double, utilization: Double, near start: Complex) -> Complex {
        var z = start
        for step in 0..<200 {
            let size = Libm.exp(utilization * (z.re - 1))
            let phase = angle + utilization * z.im
            let image = Complex(re: size * Libm.cos(phase), im: size * Libm.sin(phase))
            // Newton for z − image: z − (z − image)/(1 − ρ·image).
            let below = Complex(re: 1 - utilization * image.re, im: -utilization * image.im)
            let square = below.re * below.re + below.im * below.im
            let gap = Complex(re: z.re - image.re, im: z.im - image.im)
            let newton = Complex(
                re: z.re - (gap.re * below.re + gap.im * below.im) / square,
                im: z.im - (gap.im * below.re - gap.re * below.im) / square)
            let isInside = newton.re * newton.re + newton.im * newton.im < 1
            let next = isInside && step > 1 ? newton : image
            let moved = abs(next.re - z.re) + abs(next.im - z.im)
            z = next
            if moved < 1e-15 { break }
        }
        return z
    }

    private struct Complex {
        let re: Double
        let im: Double
    }
}

extension MDc {
    /// Through Spitzer's identity for the walk S_k = Poisson(ka) − kc, whose maximum is the queue:
    /// P(wait) = 1 − exp(−Σ P(S_k ≥ 0)/k) and mean queue = Σ E[S_k⁺]/k.
    ///
    /// Every term is positive and they fall like e^{−k·c·(ρ−1−ln ρ)}.
    static func walk(servers: Double, load: Double) -> (wait: Double, queue: Double) {
        let decay = servers * decay(idle: (servers - load) / servers)
        var exponent = 0.0
        var queue = 0.0
        var step = 1.0
        while true {
            let (reached, excess) = overshoot(mean: step * load, level: step * servers, decay: step * decay)
            exponent += reached / step
            queue += excess / step
            step += 1
            if reached <= exponent * 1e-17 || step > 10_000 { return (-Libm.expm1(-exponent), queue) }
        }
    }

    /// P(X ≥ n) and E[(X − n)⁺] of a Poisson X with the given mean below n; `decay` is n·(ρ−1−ln ρ).
    private static func overshoot(mean: Double, level: Double, decay: Double) -> (reached: Double, excess: Double) {
        var term = Libm.exp(-decay - Libm.stirlingError(level)) / (2 * .pi * level).squareRoot()
        var reached = term
        var excess = 0.0
        var above = 1.0
        while term > 0 {
            term *= mean / (level + above)
            reached += term
            excess += above * term
            if above * term < excess * 1e-18 { break }
            above += 1
        }
        return (reached, excess)
    }

    /// ρ − 1 − ln ρ for ρ = 1 − `idle`; a series where the difference would cancel.
    private static func decay(idle: Double) -> Double {
        guard idle < 0.3 else { return -idle - Libm.log1p(-idle) }
        var power = idle * idle
        var sum = 0.0
        for order in 2..<60 {
            sum += power / Double(order)
            power *= idle
        }
        return sum
    }
}
