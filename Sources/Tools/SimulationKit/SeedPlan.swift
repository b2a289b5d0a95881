/// Which seeds to run.
package struct SeedPlan: Sendable, Equatable {
    /// The only one, whose trace is wanted.
    package var only: UInt64?
    /// How many, counted from ``first``.
    package var count: UInt64
    /// The first one.
    package var first: UInt64

    /// Said by the arguments, else by the environment, else by `count`. Nil where what is said makes no sense.
    package init?(arguments: [String] = [], environment: [String: String], count: UInt64) {
        var words = environment.filter { $0.key.hasPrefix("SOJOURN_SIMULATION_") }
        guard arguments.count.isMultiple(of: 2) else { return nil }
        for index in stride(from: 0, to: arguments.count, by: 2) {
            let names = ["--seed": "SEED", "--seeds": "SEEDS", "--first": "FIRST"]
            guard let name = names[arguments[index]] else { return nil }
            words["SOJOURN_SIMULATION_" + name] = arguments[index + 1]
        }
        var numbers: [String: UInt64] = [:]
        for (name, word) in words {
            guard let number = UInt64(word) else { return nil }
            numbers[name] = number
        }
        only = numbers["SOJOURN_SIMULATION_SEED"]
        self.count = numbers["SOJOURN_SIMULATION_SEEDS"] ?? count
        first = numbers["SOJOURN_SIMULATION_FIRST"] ?? 0
    }

    /// The seeds.
    package var seeds: Range<UInt64> {
        if let only { return only..<only &+ 1 }
        return first..<(first.addingReportingOverflow(count).overflow ? .max : first + count)
    }
}
