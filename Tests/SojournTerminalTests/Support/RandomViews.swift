import SojournModel
import SojournTestKit
import SojournWire

@testable import SojournTerminal

/// Views of queues, and changes of a state, that nobody would think of.
enum RandomViews {
    /// Names and reasons that do harm to a terminal that believes them.
    static let hostile = [
        "\u{1B}[2J\u{1B}[H", "a\r\nb\tc", "\u{202E}txet\u{2066}", "日本語キュー", "e\u{301}\u{301}\u{301}\u{301}x",
        "👩\u{200D}👧👍🏽🇩🇪",
        "\u{200B}\u{FEFF}", "\u{9B}31m", "\u{0}\u{7}\u{8}", "", String(repeating: "長", count: 100), "กำ\u{E33}",
        "\u{301}",
        "ㅤ\u{115F}\u{1160}", "x\u{FE0F}❤\u{FE0F}", "plain",
    ]

    static func views(_ random: inout SplitMix64) -> [QueueView] {
        (0..<Int.random(in: 0...12, using: &random)).map { number in
            let text = hostile.randomElement(using: &random) ?? ""
            return view(QueueName(trusted: "\(number)\(text)"), &random)
        }
    }

    /// Changes something; whether it was the size.
    static func change(_ state: inout MonitorState, _ step: Int, _ random: inout SplitMix64) -> Bool {
        let now = Views.start.advanced(by: .seconds(10 + 2 * step))
        switch Int.random(in: 0..<10, using: &random) {
        case 0...2: _ = state.apply(.sample(views(&random), at: now))
        case 3:
            let size = Size(
                columns: Int.random(in: 1...160, using: &random), rows: Int.random(in: 1...45, using: &random))
            let isOther = size != state.size
            _ = state.apply(.resized(size))
            return isOther
        case 4: _ = state.apply(.failed(hostile.randomElement(using: &random) ?? "", at: now))
        case 5: _ = state.apply(.tick(now))
        default: _ = state.apply(.key(keys.randomElement(using: &random) ?? .up))
        }
        return false
    }

    private static let keys: [Key] =
        "jkgGpry/?s n日\u{301}".map { .character($0) } + [
            .up, .down, .left, .right, .pageUp, .pageDown, .home, .end, .enter, .escape, .backspace, .tab,
        ]

    private static func view(_ name: QueueName, _ random: inout SplitMix64) -> QueueView {
        let numbers = [0, 1e-9, 0.5, 1, 19, 1e6, 1e300, -1, -1e300, .nan, .infinity]
        func number() -> Double? { Bool.random(using: &random) ? numbers.randomElement(using: &random) : nil }
        func time() -> Duration? { number().map { .clamping(seconds: max(0, $0)) } }
        func count() -> Int? {
            Bool.random(using: &random) ? [0, 1, 7, 99_999, .max].randomElement(using: &random) : nil
        }
        var view = QueueView(name: name, isPaused: Bool.random(using: &random), depth: [:])
        view.depth = [.low: [.queued: count() ?? 0, .dead: Int.random(in: 0...3, using: &random)]]
        view.oldestWait = time()
        if let limit = time() {
            view.promise = QueuePromise(
                limit: limit, percentile: [0, 99, 99.9, 100].randomElement(using: &random) ?? 99, arrivalRate: number())
        }
        view.insight.arrivalRate = number()
        view.insight.serviceTime = time()
        view.insight.retryAmplification = number()
        view.insight.utilization = number()
        view.insight.maxDepth = number()
        view.insight.predictedWait = time()
        view.insight.actualWait = time()
        view.insight.attainment = number()
        view.insight.errorBudgetUsed = number()
        view.insight.burnRates = [BurnRate(window: .seconds(300), rate: number() ?? 0)]
        view.insight.refusals = count()
        view.insight.workers = count()
        view.insight.desiredWorkers = count()
        let text = hostile.randomElement(using: &random) ?? ""
        view.insight.decisions = [ScalingDecision(at: Views.start, from: count() ?? 0, to: 1, reason: text)]
        view.insight.audit = AuditView(gap: 0, relativeGap: 0, slope: 0, diagnosis: text)
        return view
    }
}
