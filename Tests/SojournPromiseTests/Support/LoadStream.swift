import SojournPromise
import SojournTestKit

/// Makes samples of a queue whose every task starts at once, from numbers of tasks per tick.
struct LoadStream {
    var sample = QueueSample()
    var estimator: LoadEstimator

    init(_ level: ServiceLevel) { estimator = LoadEstimator(level: level) }

    /// The first tick, at which nothing has been counted.
    mutating func begin() { estimator.update(sample) }

    /// A tick: so many tasks came, ran for `service` seconds each and ended. `spread` is the standard deviation of
    /// their service times.
    mutating func tick(_ tasks: Int, service: Double = 1, spread: Double = 0, seconds: Double = 1, retries: Int = 0) {
        sample.now += seconds
        sample.arrived += tasks
        sample.retried += retries
        sample.started += tasks
        sample.completed += tasks
        sample.busySeconds += Double(tasks) * service
        sample.serviceSum += Double(tasks) * service
        sample.serviceSquareSum += Double(tasks) * (service * service + spread * spread)
        estimator.update(sample)
    }

    /// A Poisson number of arrivals in one second, by adding up exponential gaps.
    static func poisson(_ rate: Double, _ random: inout Dice) -> Int {
        var count = 0
        var time = random.exponential(mean: 1 / rate)
        while time < 1 {
            count += 1
            time += random.exponential(mean: 1 / rate)
        }
        return count
    }
}
