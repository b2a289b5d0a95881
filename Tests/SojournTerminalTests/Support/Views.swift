import SojournModel
import SojournTestKit
import SojournWire

@testable import SojournTerminal

/// Views of queues for tests.
enum Views {
    /// A queue with a promise that it keeps.
    static func calm(_ name: QueueName = "mail", waiting: Int = 4, dead: Int = 0) -> QueueView {
        var view = QueueView(
            name: name, isPaused: false,
            depth: [.default: [.queued: waiting, .running: 3, .dead: dead].filter { $0.value != 0 }],
            oldestWait: .milliseconds(200), promise: QueuePromise(limit: .seconds(2), percentile: 99.9, arrivalRate: 20)
        )
        view.insight.arrivalRate = 12
        view.insight.utilization = 0.4
        view.insight.predictedWait = .milliseconds(300)
        view.insight.actualWait = .milliseconds(850)
        view.insight.attainment = 1
        view.insight.errorBudgetUsed = 0.1
        view.insight.burnRates = [BurnRate(window: .seconds(300), rate: 0)]
        view.insight.workers = 2
        view.insight.desiredWorkers = 2
        view.insight.serviceTime = .milliseconds(104)
        view.insight.maxDepth = 40
        return view
    }

    /// More comes than was agreed, and tasks are late.
    static func broken(_ name: QueueName = "realtime") -> QueueView {
        var view = calm(name, waiting: 197)
        view.oldestWait = .seconds(3)
        view.insight.arrivalRate = 157.2
        view.insight.attainment = 0.982
        view.insight.errorBudgetUsed = 1.3
        view.insight.desiredWorkers = 3
        view.insight.decisions = [
            ScalingDecision(at: start, from: 2, to: 3, reason: "λ 140/s, 197 waiting, 257 must start within 2.03 s")
        ]
        return view
    }

    static func paused(_ name: QueueName = "billing") -> QueueView {
        var view = calm(name, waiting: 88)
        view.isPaused = true
        return view
    }

    static func idle(_ name: QueueName = "cleanup") -> QueueView {
        QueueView(name: name, isPaused: false, depth: [:], promise: QueuePromise(limit: .seconds(3_600)))
    }

    static func plain(_ name: QueueName = "default") -> QueueView {
        QueueView(name: name, isPaused: false, depth: [.default: [.queued: 17]], oldestWait: .seconds(1))
    }

    /// One of each kind.
    static var all: [QueueView] { [plain(), idle(), paused(), calm(dead: 3), broken()] }

    /// 2026-11-28T17:26:30Z.
    static let start = Timestamp(microseconds: 1_795_886_790_000_000)
}

extension MonitorState {
    /// A state that has seen `views` three times, the last time five seconds after ``Views/start``.
    static func seeing(_ views: [QueueView], columns: Int = 80, rows: Int = 24) -> MonitorState {
        var state = MonitorState(
            server: "http://127.0.0.1:8080", interval: .seconds(2), size: Size(columns: columns, rows: rows),
            now: Views.start)
        for second in [1, 3, 5] {
            _ = state.apply(.sample(views, at: Views.start.advanced(by: .seconds(second))))
        }
        return state
    }

    /// Presses keys one after the other; what came of the last one.
    @discardableResult mutating func press(all keys: [Key]) -> [MonitorAction] {
        keys.reduce(into: []) { $0 = apply(.key($1)) }
    }
}
