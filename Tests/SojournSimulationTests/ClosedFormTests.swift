import SojournSimulation
import Testing

/// The engine against queues whose mean wait is known exactly.
@Suite struct ClosedFormTests {
    enum Service: String, CaseIterable {
        case exponential
        case constant
        case hyperexponential

        /// A service time with mean 1; the hyperexponential has c² = 4 and balanced means.
        func draw(_ random: inout NumPyRandom) -> Double {
            switch self {
            case .exponential: return random.exponential(1)
            case .constant: return 1
            case .hyperexponential:
                let share = 0.5 * (1 + (3.0 / 5).squareRoot())
                let isFirst = random.uniform() < share
                return random.exponential(1 / (2 * (isFirst ? share : 1 - share)))
            }
        }
    }

    @Test(arguments: [
        // Erlang C; Crommelin; a quasi-birth-and-death chain.
        (Service.exponential, 21, 20.0, 0.7606, 0.7606), (.constant, 10, 9.0, 0.344582050379681, 0.646861283932153),
        (.hyperexponential, 10, 9.0, 1.5490, 0.6852),
    ])
    func meanWait(service: Service, slots: Int, rate: Double, wait: Double, shareWaiting: Double) {
        var random = NumPyRandom([11, UInt64(slots)])
        var time = 0.0
        let arrivals = (0..<160_000).map { _ in
            time += random.exponential(1 / rate)
            return time
        }
        let services = arrivals.map { _ in service.draw(&random) }
        let workload = Workload(name: service.rawValue, arrivals: arrivals, services: services, serviceTime: 1)
        let run = Simulator.run(workload, settings(limit: 30, slots: slots), policy: Constant(slots: slots))
        let waits = Array(run.waits.dropFirst(10_000))
        expect(waits, wait)
        expect(waits.map { $0 > 1e-9 ? 1 : 0 }, shareWaiting)
        #expect(run.littlesLaw.gap <= 1e-9)
    }

    /// Within 2.5 standard errors, by the means of 30 batches.
    private func expect(_ values: [Double], _ expected: Double) {
        let length = values.count / 30
        let means = (0..<30).map { values[($0 * length)..<(($0 + 1) * length)].reduce(0, +) / Double(length) }
        let mean = means.reduce(0, +) / 30
        let variance = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 29
        let error = (variance / 30).squareRoot()
        #expect(abs(mean - expected) <= 2.5 * error, "\(mean) ± \(error), not \(expected)")
        #expect(error < 0.15 * expected)
    }
}
