import SojournCore

extension QueueBenchmarks {
    /// What it costs to be watched, by the clock and by the processor time of this process. The clock is what counts,
    /// but it also tells what else the machine does; processor time does so less.
    func observed() async throws -> [BenchResult] {
        let names = ["observed_ratio", "observed_cpu_ratio"]
        guard let observation = options.observation, names.contains(where: isWanted) else { return [] }
        var rounds: [(speed: Double, processor: Double)] = []
        for number in 1...options.rounds {
            progress("\(subject.name).observed_ratio, round \(number)")
            rounds.append(try await watchedOverAlone(observation))
        }
        let values = [rounds.map(\.speed), rounds.map(\.processor)]
        return zip(names, values).filter { isWanted($0.0) }.map { name, values in
            BenchResult(name: "\(subject.name).\(name)", unit: "", rounds: values)
        }
    }

    /// The speed, and the processor time, of drains that everything watches over those of drains that nothing watches.
    /// Two of each, in an order (alone, watched, watched, alone) in which a machine that gets slower slows both alike.
    private func watchedOverAlone(
        _ observation: () -> Observation
    ) async throws -> (speed: Double, processor: Double) {
        var (alone, watched) = (Drain(count: 0), Drain(count: 0))
        for isWatched in [false, true, true, false] {
            if isWatched {
                watched += try await servedDrain(observation())
            } else {
                alone += try await servedDrain(nil)
            }
        }
        return (watched.speed / alone.speed, watched.processorSeconds / alone.processorSeconds)
    }

    /// A drain of a server, whose duties go on whether or not somebody watches: with hints, they look every second for
    /// tasks that were passed over, where the sampler looks too.
    private func servedDrain(_ observation: Observation?) async throws -> Drain {
        try await withQueue(isServed: true) { queue in
            guard let observation else { return try await warmDrain(options.tasks, of: queue) }
            let queue = queue.observed(by: observation.observers)
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await observation.run(queue) }
                let drain = try await warmDrain(options.tasks, of: queue)
                group.cancelAll()
                return drain
            }
        }
    }
}

extension QueueBenchmarks.Drain {
    static func += (sum: inout Self, other: Self) {
        sum.count += other.count
        sum.seconds += other.seconds
        sum.processorSeconds += other.processorSeconds
    }
}
