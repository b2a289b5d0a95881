/// Says of a promise what is impossible or doubtful about it, in plain sentences with numbers, before it is broken.
///
/// The reasons are theorems of *The promise*: T1 (hard promises), T4 and T5 (reaction to a step), T7 (steady staffing).
public struct ServiceLevelLinter: Sendable {
    /// The promise.
    let level: ServiceLevel
    let circumstances: Circumstances

    /// A linter of a promise; `circumstances` say what is known beyond it.
    public init(_ level: ServiceLevel, _ circumstances: Circumstances = Circumstances()) {
        self.level = level
        self.circumstances = circumstances
    }

    /// What is wrong or doubtful, errors first; empty for a sane promise.
    public var findings: [Finding] {
        // Of a number that is none nothing else can be said.
        let wrong = outOfRange
        guard wrong.isEmpty else { return wrong }
        let judgement = Judgement(level, circumstances)
        let found =
            judgement.capacity + judgement.hardPromise + judgement.reaction + judgement.rules + judgement.measure
        return found.filter { $0.severity == .error } + found.filter { $0.severity == .warning }
    }

    private var outOfRange: [Finding] {
        let tasks = level.tasksPerWorker.multipliedReportingOverflow(by: level.workers.upperBound)
        let tooMany = tasks.overflow || tasks.partialValue > Self.mostSlots
        var crashes = 0
        if case .hard(let allowed) = level.mode { crashes = allowed }
        let rows: [(name: String, value: Double, isValid: Bool, range: String)] = [
            ("sla_seconds", level.limit, level.limit > 0 && level.limit.isFinite, "above 0"),
            ("the share of late starts", level.miss, level.miss >= 0 && level.miss < 1, "from 0 to less than 1"),
            ("arrival_rate", level.arrivalRate ?? 0, Self.isSize(level.arrivalRate ?? 0), "0 or above"),
            ("the service time", level.serviceTime, Self.isPositive(level.serviceTime), "above 0"),
            ("the lease", level.serviceMax, Self.isPositive(level.serviceMax), "above 0"),
            ("the start-up time", level.startup, Self.isSize(level.startup), "0 or above"),
            ("the teardown time", level.teardown, Self.isSize(level.teardown), "0 or above"),
            ("burst", level.burst, Self.isSize(level.burst), "0 or above"),
            ("the number of crashes", Double(crashes), crashes >= 0, "0 or above"),
            ("jobs_per_worker", Double(level.tasksPerWorker), level.tasksPerWorker >= 1, "1 or above"),
            ("min_workers", Double(level.workers.lowerBound), level.workers.lowerBound >= 0, "0 or above"),
            (
                "max_workers", Double(level.workers.upperBound), level.workers.upperBound >= 1 && !tooMany,
                "1 or above, with at most 10,000,000 slots in all"
            ),
            (
                "scale_threshold", level.scaleThreshold, level.scaleThreshold > 0 && level.scaleThreshold <= 1,
                "above 0, and 1 at most"
            ),
        ]
        return rows.filter { !$0.isValid }.map { row in
            Finding(
                severity: .error, topic: .outOfRange,
                what: "\(row.name) is \(Words.number(row.value)), but must be \(row.range).",
                remedy: "Correct it; nothing else was checked.")
        }
    }

    static let mostSlots = 10_000_000
    static func isPositive(_ value: Double) -> Bool { value > 0 && value.isFinite }
    static func isSize(_ value: Double) -> Bool { value >= 0 && value.isFinite }
}

extension ServiceLevelLinter {
    /// The numbers to judge by: measured where they were, else those of the promise.
    struct Judgement {
        let level: ServiceLevel
        let circumstances: Circumstances
        /// W.
        let limit: Double
        /// λ; nil where it is not known or 0.
        let rate: Double?
        /// m and c_s².
        let service: Double
        let variation: Double
        /// D' = D + Δ + τ.
        let delay: Double
        /// κ.
        let step: Double
        let most: Int
        let least: Int

        init(_ level: ServiceLevel, _ circumstances: Circumstances) {
            self.level = level
            self.circumstances = circumstances
            func known(_ measured: Double?, _ prior: Double) -> Double {
                measured.flatMap { isPositive($0) ? $0 : nil } ?? prior
            }
            limit = level.limit
            let rate = known(circumstances.arrivalRate, level.arrivalRate ?? 0)
            self.rate = rate > 0 ? rate : nil
            service = known(circumstances.serviceTime, level.serviceTime)
            variation = isSize(circumstances.serviceVariation) ? circumstances.serviceVariation : 1
            delay = known(circumstances.startup, level.startup) + max(0, known(circumstances.reaction, 0))
            step = level.burst > 1 ? level.burst : max(1, known(circumstances.step, 1))
            (least, most) = (level.slots.lowerBound, level.slots.upperBound)
        }

        /// a = λm: slots that are busy on average.
        var load: Double? { rate.map { $0 * service } }

        /// Whole workers that have so many slots.
        func workers(for slots: Int) -> Int { (slots + level.tasksPerWorker - 1) / level.tasksPerWorker }

        func error(_ topic: Finding.Topic, _ what: String, _ remedy: String) -> Finding {
            Finding(severity: .error, topic: topic, what: what, remedy: remedy)
        }

        func warning(_ topic: Finding.Topic, _ what: String, _ remedy: String) -> Finding {
            Finding(severity: .warning, topic: topic, what: what, remedy: remedy)
        }
    }
}

private func isPositive(_ value: Double) -> Bool { ServiceLevelLinter.isPositive(value) }
private func isSize(_ value: Double) -> Bool { ServiceLevelLinter.isSize(value) }
