import Testing

/// What the sources never say. To lift a ban for one file, add its path to `allowed` and say why in the commit.
struct Ban: Sendable {
    /// A regular expression, matched against code without comments and strings.
    let pattern: String
    let why: String
    /// Files that may: the beginning of a path, or a folder anywhere in it (`/Time/`).
    var allowed: [String] = []
    /// The only files that may not, likewise; all sources unless given.
    var within = ["Sources/"]
    /// Comments count too.
    var comments = false
    /// Code that breaks the ban, and code that comes close but is fine: the ban's own test.
    let bad: [String]
    let good: [String]
}

extension Ban: CustomTestStringConvertible {
    var testDescription: String { pattern }

    static let all: [Ban] = time + safety + concurrency + words

    private static let time: [Ban] = [
        Ban(
            pattern: #"\bDate(\(\)|\.now\b|\.init\(\))"#,
            why: "time is a parameter: ask a TimeSource", allowed: ["/Time/"],
            bad: ["let a = Date()", "f(\"\\(Date())\")", "Date.now"], good: ["Date(microseconds: 1)", "// Date()"]),
        Ban(
            pattern: #"\b(Task\.sleep|Thread\.sleep|usleep\(|nanosleep\()"#,
            why: "time is a parameter: sleep through a TimeSource", allowed: ["/Time/"],
            bad: ["try await Task.sleep(for: .seconds(1))"], good: ["try await time.sleep(for: .seconds(1))"]),
        Ban(
            pattern: #"\b(ContinuousClock|SuspendingClock|DispatchTime|clock_gettime|gettimeofday)\b"#,
            why: "time is a parameter: ask a TimeSource", allowed: ["/Time/"],
            bad: ["let clock = ContinuousClock()", "clock_gettime(CLOCK_REALTIME, &a)"], good: ["let a: any Clock"]),
    ]

    private static let safety: [Ban] = [
        Ban(
            pattern: #"\b(try|as)!"#, why: "one bad value must not stop the process: throw or return",
            bad: ["let a = try! b()", "let a = b as! C"], good: ["let a = try? b()", "alias != b", "let a = b as? C"]),
        Ban(
            pattern: #"\bfatalError\("#, why: "a programmer's error is a precondition, any other error is thrown",
            bad: ["fatalError(\"no\")"], good: ["precondition(a > 0)"]),
        Ban(
            pattern: #"@unchecked\s+Sendable|\bnonisolated\(unsafe\)"#,
            why: "the compiler must see why it is safe: a Mutex around a struct",
            bad: ["class A: @unchecked Sendable {}", "nonisolated(unsafe) var a = 1"], good: ["struct A: Sendable {}"]),
        Ban(
            pattern: #"\bProcess(\(\)|\.(init|run)\b)"#,
            why: "with many open files it reads memory that is not its own: take Subprocess, and Child in tests",
            bad: ["let a = Process()", "Process.run(a, arguments: [])"], good: ["try RedisProcess()"]),
    ]

    private static let concurrency: [Ban] = [
        Ban(
            pattern: #"\bTask(\s*\{|\(|<|\.detached|\.init|\.immediate)"#,
            why: "structured concurrency only: a task group, or a lifecycle service",
            // Attempts that are cancelled one by one, and the way into a simulated world.
            allowed: [
                "Sources/Roles/SojournWorker/AttemptTasks.swift", "Sources/Tools/SimulationKit/Engine/Track.swift",
            ],
            bad: ["Task { a() }", "Task.detached { a() }", "_Concurrency.Task(name: b) {}", "let a: Task<A, B>"],
            good: ["Task.isCancelled", "AttemptTask(1)", "runTask { a() }", "Task.yield()", "case .newTask {"]),
        Ban(
            pattern: #"\bactor\s+[A-Z]"#, why: "a hop between executors costs microseconds: a Mutex around a struct",
            bad: ["public actor Queue {"], good: ["let actor = 1", "/// an actor Queue"]),
        Ban(
            pattern: #"\bDispatch(Queue|Group|Semaphore|Source)\b"#,
            why: "structured concurrency only", allowed: ["/Time/", "Sources/Backends/PQ/Connection/"],
            bad: ["DispatchQueue.main.async {}"], good: ["DispatchPlan()"]),
        Ban(
            pattern: #"\b(async|await)\b"#, why: "the pure layer decides; whoever calls it waits",
            within: ["Sources/Pure/"],
            bad: ["func a() async {}"], good: ["let asynchronous = 1", "// async"]),
    ]

    private static let words: [Ban] = [
        Ban(
            pattern: #"\bprint\("#, why: "a library logs; only the command line prints", allowed: ["Sources/CLI/"],
            bad: ["print(1)"], good: ["fingerprint(1)", "// print(1)"]),
        Ban(
            pattern: #"\b(struct|class|enum|actor|protocol|typealias)\s+Task\b"#,
            why: "it would hide the language's own Task",
            bad: ["public struct Task: Sendable {}"], good: ["struct TaskRecord {}"]),
        Ban(
            pattern: #"\b(TODO|FIXME|XXX|HACK)\b"#, why: "finish it, or open an issue", comments: true,
            bad: ["// TODO: later", "/* FIXME */"], good: ["// to do", "let HACKED = 1"]),
    ]
}

@Suite("Bans") struct BanTests {
    @Test(arguments: Ban.all)
    func refusesWhatIsBad(ban: Ban) throws {
        try #require(!ban.bad.isEmpty && !ban.good.isEmpty)
        let rule = BanRule(bans: [ban])
        let path = ban.within[0] + "Core/SojournCore/A.swift"
        for bad in ban.bad { #expect(rule.violations(in: path, "\n" + bad).map(\.line) == [2], "\(bad)") }
        for good in ban.good { #expect(rule.violations(in: path, good) == [], "\(good)") }
    }

    @Test(arguments: Ban.all)
    func looksOnlyWhereItShould(ban: Ban) {
        let rule = BanRule(bans: [ban])
        let elsewhere = ["Tests/A/A.swift", "docs/a.md", "Sources/Core/SojournCore/a.json"]
        let allowed = ban.allowed.map { ($0.hasPrefix("/") ? "Sources/Core/SojournCore" : "") + $0 + "A.swift" }
        for path in elsewhere + allowed {
            #expect(rule.violations(in: path, ban.bad[0]) == [], "\(path)")
        }
    }
}
