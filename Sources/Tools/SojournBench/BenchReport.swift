import SojournWire

/// One figure of a benchmark, over several rounds.
public struct BenchResult: Sendable, Hashable {
    /// Which figure, as `sqlite.drain`.
    public var name: String
    /// Its unit, as `tasks/s`.
    public var unit: String
    /// What each round gave.
    public var rounds: [Double]

    /// A figure from its rounds; at least one.
    public init(name: String, unit: String, rounds: [Double]) {
        precondition(!rounds.isEmpty)
        self.name = name
        self.unit = unit
        self.rounds = rounds
    }

    /// The middle round, or the mean of the two in the middle.
    public var median: Double {
        let sorted = rounds.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}

/// What `sojourn bench` prints.
public struct BenchReport: Sendable {
    /// The machine it ran on.
    public var machine: MachineInfo
    /// The figures.
    public var results: [BenchResult]

    /// A report from its parts.
    public init(machine: MachineInfo, results: [BenchResult]) {
        self.machine = machine
        self.results = results
    }

    /// The report as one JSON object.
    public var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.object("machine") { writer in
                writer.field("system", machine.system)
                writer.field("cores", machine.cores)
                writer.field("memory_bytes", machine.memoryBytes)
            }
            writer.field("load_average", machine.loadAverage)
            writer.array("results") { writer in
                for result in results { Self.write(result, to: &writer) }
            }
        }
        return writer.bytes
    }

    /// The machine in one line, and the figures as a Markdown table.
    public var table: String {
        let gigabytes = Self.readable(Double(machine.memoryBytes) / 1e9)
        let load = Self.readable(machine.loadAverage)
        let head = """
            \(machine.system), \(machine.cores) cores, \(gigabytes) GB; load average at the start \(load).

            | figure | median | min | max | unit | rounds |
            | --- | --: | --: | --: | --- | --: |

            """
        let rows = results.map { result in
            let numbers = [result.median, result.rounds.min() ?? 0, result.rounds.max() ?? 0].map(Self.readable)
            return "| \(result.name) | \(numbers.joined(separator: " | ")) | \(result.unit) | \(result.rounds.count) |"
        }
        return head + rows.joined(separator: "\n")
    }

    private static func write(_ result: BenchResult, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("name", result.name)
            writer.field("unit", result.unit)
            writer.field("median", result.median)
            writer.field("min", result.rounds.min() ?? 0)
            writer.field("max", result.rounds.max() ?? 0)
            writer.field("rounds", result.rounds.count)
        }
    }

    /// Whole numbers from a hundred up, three digits below.
    static func readable(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
        if abs(value) >= 100 { return "\(Int64(value.rounded()))" }
        return "\((value * 1_000).rounded() / 1_000)"
    }
}
