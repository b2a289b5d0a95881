import SojournPromise
import Testing

@Suite("The linter of promises")
struct ServiceLevelLinterTests {
    typealias Linter = ServiceLevelLinter
    typealias Topic = ServiceLevelLinter.Finding.Topic

    /// 20 tasks/s of 1 s within 30 s, slots in 15 s, up to 60 slots: nothing to say.
    private static let sane = ServiceLevel(
        limit: 30, miss: 0.01, arrivalRate: 20, serviceTime: 1, serviceMax: 60, startup: 15, overflow: .reject,
        workers: 0...12)

    struct Row: Sendable, CustomTestStringConvertible {
        var topic: Topic
        var severity: Linter.Finding.Severity
        /// What the sentences must say.
        var words: [String]
        var change: @Sendable (inout ServiceLevel, inout Linter.Circumstances) -> Void
        var testDescription: String { topic.rawValue }

        init(
            _ topic: Topic, _ severity: Linter.Finding.Severity, _ words: [String],
            _ change: @escaping @Sendable (inout ServiceLevel, inout Linter.Circumstances) -> Void
        ) {
            (self.topic, self.severity, self.words, self.change) = (topic, severity, words, change)
        }
    }

    /// Changes of the sane promise that make one finding, and this one only.
    private static let rows: [Row] = [
        Row(.unstable, .error, ["20 tasks/s of 1 s", "20 slots busy", "15 slots", "max_workers to 5"]) { level, _ in
            level.workers = 0...3
        },
        Row(.unstable, .error, ["4 s", "80 slots busy", "60 slots", "below 15 tasks/s"]) { _, circumstances in
            circumstances.serviceTime = 4
        },
        Row(.tooFewSlots, .error, ["20 that max_workers", "more than 1 s", "99 % in time takes 24"]) {
            level, circumstances in
            (level.limit, level.startup, level.arrivalRate) = (1, 0, 19.9)
            (level.workers, level.tasksPerWorker) = (20...20, 1)
            circumstances.reaction = 0.5
        },
        Row(.serviceTail, .error, ["c² = 10", "long ones take 10.5 s", "equal length", "max_workers allows for 21"]) {
            level, circumstances in
            (level.limit, level.startup, level.workers, level.tasksPerWorker) = (5, 1, 1...21, 1)
            circumstances.serviceVariation = 10
        },
        Row(.leaseTooShort, .error, ["takes 1 s", "ends after 0.5 s"]) { level, _ in level.serviceMax = 0.5 },
        Row(.leaseTooLong, .error, ["for 60 s (the lease)", "⌊30/60⌋ = 0", "at most 30 s, 15 s for two"]) { level, _ in
            level.mode = .hard(crashes: 0)
        },
        Row(.hardCapacity, .error, ["60 slots", "60 crashes"]) { level, _ in
            (level.mode, level.serviceMax) = (.hard(crashes: 60), 10)
        },
        Row(.hardCapacity, .warning, ["1800 tasks", "K = 60 wait", "20 s (the lease)"]) { level, _ in
            (level.mode, level.serviceMax) = (.hard(crashes: 0), 20)
        },
        Row(.hardNeedsReject, .error, ["overflow is demote"]) { level, _ in
            (level.mode, level.serviceMax, level.overflow) = (.hard(crashes: 0), 5, .demote)
        },
        // κλ(D'−W) − cμD' − c = 200·15.5 − 24·16.5 − 24, and κλm(1 − W/D') = 200·15.5/16.5.
        Row(.noReserve, .warning, ["16.5 s", "for 1 s", "20 to 200 tasks/s", "2680 tasks are late or", "188 slots"]) {
            level, _ in (level.limit, level.workers) = (1, 1...12)
        },
        Row(.noReserve, .warning, ["the first 15.5 s", "is late.", "arrival_rate"]) { level, _ in
            (level.limit, level.workers, level.arrivalRate, level.overflow) = (1, 1...12, nil, .demote)
        },
        Row(.reserveTooLarge, .error, ["burst of 10 times 20", "188 slots", "allows for 60", "max_workers to 38"]) {
            level, _ in (level.limit, level.workers, level.burst) = (1, 1...12, 10)
        },
        Row(.scaleToZero, .error, ["min_workers is 0", "16.5 s", "not 10 s"]) { level, circumstances in
            (level.limit, circumstances.step) = (10, 1)
        },
        // 1 − (16.5/30)(1 − 21/200), rounded down.
        Row(.threshold, .warning, ["70 % of L = 600", "16.5 s", "at 50 %", "at most 0.5,"]) { _, circumstances in
            circumstances.policy = "littleq"
        },
        Row(.threshold, .warning, ["first waiting task", "no scale_threshold is safe"]) { level, circumstances in
            (level.startup, circumstances.policy, level.workers, level.burst) = (60, "littleq", 1...60, 10)
        },
        Row(.restingWait, .error, ["per 50 waiting", "50 × 1 s = 50 s", "more than 30 s", "per 15 waiting"]) {
            _, circumstances in circumstances.depthPerSlot = 50
        },
        Row(.missTooSmall, .warning, ["1e-07", "30000000 tasks", "17.4 days"]) { level, _ in level.miss = 1e-7 },
        Row(.missTooSmall, .warning, ["1e-06", "3000000 tasks without one;"]) { level, _ in
            (level.miss, level.arrivalRate) = (1e-6, nil)
        },
        Row(.missTooSmall, .error, ["No task may start late"]) { level, _ in level.miss = 0 },
        Row(.targetOnly, .warning, ["overflow is accept", "30 s is a target"]) { level, _ in level.overflow = .accept },
    ]

    @Test("each mistake makes one finding, with its numbers", arguments: rows)
    func finding(row: Row) throws {
        var (level, circumstances) = (Self.sane, Linter.Circumstances())
        row.change(&level, &circumstances)
        let findings = Linter(level, circumstances).findings
        #expect(findings.map(\.topic) == [row.topic], "\(findings)")
        let finding = try #require(findings.first { $0.topic == row.topic })
        #expect(finding.severity == row.severity)
        for words in row.words { #expect("\(finding)".contains(words), "\(finding)") }
        #expect(finding.what.hasSuffix(".") && finding.remedy.hasSuffix("."))
    }

    @Test("every topic has a row")
    func topics() {
        #expect(Set(Self.rows.map(\.topic)).union([.outOfRange]) == Set(Topic.allCases))
    }

    @Test("sane promises have no findings")
    func sane() {
        var levels = [Self.sane]
        for change: (inout ServiceLevel) -> Void in [
            { $0.overflow = .demote },
            { ($0.mode, $0.serviceMax) = (.hard(crashes: 2), 3) },
            { ($0.limit, $0.workers, $0.burst) = (1, 1...60, 10) },
            { ($0.arrivalRate, $0.workers) = (nil, 1...50) },
            { ($0.limit, $0.startup, $0.workers) = (5, 1, 1...12) },
            { $0.miss = 0.0001 },
        ] {
            var level = Self.sane
            change(&level)
            levels.append(level)
        }
        for level in levels {
            #expect(Linter(level).findings == [], "\(level)")
        }
        var circumstances = Linter.Circumstances()
        (circumstances.policy, circumstances.depthPerSlot) = ("littleq", 5)
        var level = Self.sane
        level.scaleThreshold = 0.5
        #expect(Linter(level, circumstances).findings == [])
    }

    @Test("a number outside its range is named, and nothing else is checked")
    func outOfRange() {
        let cases: [(String, (inout ServiceLevel) -> Void)] = [
            ("sla_seconds is 0,", { $0.limit = 0 }), ("sla_seconds is nan,", { $0.limit = .nan }),
            ("share of late starts is 1,", { $0.miss = 1 }), ("arrival_rate is -1,", { $0.arrivalRate = -1 }),
            ("service time is inf,", { $0.serviceTime = .infinity }), ("lease is 0,", { $0.serviceMax = 0 }),
            ("start-up time is -1,", { $0.startup = -1 }), ("teardown time is -1,", { $0.teardown = -1 }),
            ("burst is -1,", { $0.burst = -1 }), ("crashes is -2,", { $0.mode = .hard(crashes: -2) }),
            ("jobs_per_worker is 0,", { $0.tasksPerWorker = 0 }), ("min_workers is -1,", { $0.workers = -1...5 }),
            ("max_workers is 0,", { $0.workers = 0...0 }), ("max_workers is 9", { $0.workers = 1...Int.max }),
            ("scale_threshold is 1.5,", { $0.scaleThreshold = 1.5 }),
        ]
        for (words, change) in cases {
            var level = Self.sane
            change(&level)
            let findings = Linter(level).findings
            #expect(findings.map(\.topic) == [.outOfRange])
            #expect(findings.allSatisfy { $0.what.contains(words) }, "\(findings)")
        }
    }

    @Test("errors come before warnings, and measured numbers count more than priors")
    func order() {
        var level = Self.sane
        (level.overflow, level.workers) = (.accept, 0...3)
        #expect(Linter(level).findings.map(\.topic) == [.unstable, .targetOnly])
        var circumstances = Linter.Circumstances()
        circumstances.arrivalRate = 5
        circumstances.startup = .nan
        #expect(Linter(level, circumstances).findings.map(\.topic) == [.targetOnly])
    }
}
