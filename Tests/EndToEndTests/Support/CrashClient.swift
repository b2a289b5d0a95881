import Foundation
import SojournTestKit
import Synchronization

/// What clients of a server that is killed again and again know for sure.
final class Ledger: Sendable {
    struct Entry: Sendable {
        let id: String
        let kind: CrashRequest.Kind
    }
    private struct State {
        var accepted: [Entry] = []
        /// Requests with a key whose answer never came: to be asked again.
        var open: [CrashRequest] = []
        var idsOfKeys: [String: Set<String>] = [:]
        var failures = 0
    }
    private let state = Mutex(State())

    var accepted: [Entry] { state.withLock { $0.accepted } }
    var idsOfKeys: [String: Set<String>] { state.withLock { $0.idsOfKeys } }
    /// Requests that got no answer.
    var failures: Int { state.withLock { $0.failures } }
    var openCount: Int { state.withLock { $0.open.count } }

    func takeOpen() -> CrashRequest? { state.withLock { $0.open.popLast() } }

    func note(_ request: CrashRequest, accepted id: String) {
        state.withLock { state in
            state.accepted.append(Entry(id: id, kind: request.kind))
            if let key = request.key { state.idsOfKeys[key, default: []].insert(id) }
        }
    }

    func noteNoAnswer(_ request: CrashRequest) {
        state.withLock { state in
            state.failures += 1
            if request.key != nil { state.open.append(request) }
        }
    }
}

/// One task that a client asks for.
struct CrashRequest: Sendable {
    enum Kind: CaseIterable, Sendable {
        case noop, flaky, sleeper, alwaysFail
    }

    let kind: Kind
    let key: String?
    let body: String

    init(_ random: inout SplitMix64) {
        let kinds: [Kind] = [.noop, .noop, .noop, .flaky, .sleeper, .sleeper, .alwaysFail]
        kind = kinds.randomElement(using: &random) ?? .noop
        let key = Bool.random(using: &random) ? "key-\(UInt64.random(in: .min ... .max, using: &random))" : nil
        self.key = key
        let (attempts, milliseconds) = (Int.random(in: 1...2, using: &random), Int.random(in: 5...20, using: &random))
        let fields =
            switch kind {
            case .noop: #""type":"noop","max_retries":20"#
            case .flaky: #""type":"flaky","payload":{"attempts":\#(attempts)},"max_retries":20"#
            case .sleeper: #""type":"sleeper","payload":{"ms":\#(milliseconds)},"max_retries":20"#
            case .alwaysFail: #""type":"always_fail","max_retries":1"#
            }
        // The tag shows in listings which key a task had.
        body = key.map { #"{\#(fields),"idempotency_key":"\#($0)","tags":["\#($0)"]}"# } ?? "{\(fields)}"
    }
}

/// A client that enqueues until it is told to stop, whatever happens to the server.
struct CrashClient: Sendable {
    let wire: Wire
    let ledger: Ledger
    let isOver: @Sendable () -> Bool

    func run(seed: UInt64) async {
        var random = SplitMix64(seed: seed)
        while !isOver() {
            let request = ledger.takeOpen() ?? CrashRequest(&random)
            guard await post(request) else { return }
        }
    }

    /// Asks for what was left open, with a server that stays.
    func finish() async -> Bool {
        while let request = ledger.takeOpen() {
            guard await post(request) else { return false }
        }
        return true
    }

    private func post(_ request: CrashRequest) async -> Bool {
        guard let answer = try? await wire.post("/tasks", request.body), (200..<300).contains(answer.status),
            let accepted = try? answer.decode(Accepted.self)
        else {
            ledger.noteNoAnswer(request)
            return false
        }
        ledger.note(request, accepted: accepted.taskId)
        return true
    }
}
