import SojournCore
import SojournModel
import Synchronization

/// A broker of hints that may lose, double and misplace them, lose all of them, or be out of reach.
package final class HintBroker: Sendable {
    enum Epoch: Equatable {
        case lost, complete
        case filling(token: String, until: Timestamp)
    }
    struct State {
        var lines: [HintLine: [Hint]] = [:]
        var paused: Set<QueueName> = []
        var dispatch = Dispatch()
        var epoch = Epoch.lost
        /// New with every loss, so that whoever begins to fill says which loss it means.
        var generation = 0
        var isDown = false
        var listeners: [Int: WaitList] = [:]
        var lastListener = 0
    }
    private let state = Mutex(State())
    private let time: Scheduler

    /// For how long whoever fills counts as alive.
    static let fillerLife: Duration = .seconds(5)

    init(time: Scheduler) { self.time = time }

    /// All hints are lost, and how far the filling was.
    func flush() {
        state.withLock { state in
            state.lines = [:]
            state.paused = []
            state.lose()
        }
    }

    /// Out of reach, or back.
    func setDown(_ isDown: Bool) { state.withLock { $0.isDown = isDown } }

    func listen(_ waiters: WaitList) -> Int {
        state.withLock { state in
            state.lastListener += 1
            state.listeners[state.lastListener] = waiters
            return state.lastListener
        }
    }

    func leave(_ listener: Int) { state.withLock { $0.listeners[listener] = nil } }

    /// One step of the broker; those who wait for what it gained are woken.
    func step<Answer>(_ body: (inout State, Timestamp) -> Answer) throws(BackendError) -> Answer {
        let now = time.now()
        let answer: Answer? = state.withLock { state in
            if state.isDown { return nil }
            if case .filling(_, let end) = state.epoch, end < now { state.lose() }
            return body(&state, now)
        }
        guard let answer else { throw BackendError(.unavailable, "The broker is down.") }
        return answer
    }

    func wake(_ hints: [Hint]) {
        let listeners = state.withLock { state in state.listeners.sorted { $0.key < $1.key }.map(\.value) }
        for hint in hints {
            for listener in listeners { listener.wake(hint.line.lane.queue, type: hint.line.type, count: 1) }
        }
    }

    func wakeAll() {
        let listeners = state.withLock { state in state.listeners.sorted { $0.key < $1.key }.map(\.value) }
        for listener in listeners { listener.wakeAll() }
    }

    /// Whether anybody still stands in a line.
    package var count: Int { state.withLock { $0.lines.values.reduce(0) { $0 + $1.count } } }
}

extension HintBroker.State {
    mutating func lose() {
        epoch = .lost
        generation += 1
    }

    /// Puts a hint at its place, behind those of the same instant.
    mutating func push(_ hint: Hint) {
        var line = lines[hint.line, default: []]
        guard !line.contains(hint) else { return }
        let index = line.firstIndex { $0.availableAt > hint.availableAt } ?? line.count
        line.insert(hint, at: index)
        lines[hint.line] = line
    }

    mutating func pop(_ request: LeaseRequest, now: Timestamp) -> [Hint] {
        var popped: [Hint] = []
        while popped.count < request.limit {
            let shares = dispatch.next(request.limit - popped.count, among: waiting(for: request), promises: [:])
            if shares.isEmpty { break }
            for share in shares {
                for _ in 0..<share.count { if let hint = popFirst(of: share.lane, request) { popped.append(hint) } }
            }
        }
        return popped
    }

    private func serves(_ line: HintLine, _ request: LeaseRequest) -> Bool {
        let queue = line.lane.queue
        return (request.queues.isEmpty || request.queues.contains(queue)) && !paused.contains(queue)
            && request.types?.contains(line.type) ?? true
    }

    private func waiting(for request: LeaseRequest) -> [Dispatch.Waiting] {
        var counts: [Lane: Int] = [:]
        for (line, hints) in lines where !hints.isEmpty && serves(line, request) {
            counts[line.lane, default: 0] += hints.count
        }
        return counts.map { Dispatch.Waiting(lane: $0.key, inTime: $0.value) }
    }

    private mutating func popFirst(of lane: Lane, _ request: LeaseRequest) -> Hint? {
        let first = lines.filter { $0.key.lane == lane && !$0.value.isEmpty && serves($0.key, request) }
            .compactMap(\.value.first).min { ($0.availableAt, $0.id) < ($1.availableAt, $1.id) }
        guard let first else { return nil }
        lines[first.line]?.removeFirst()
        if lines[first.line]?.isEmpty == true { lines[first.line] = nil }
        return first
    }
}
