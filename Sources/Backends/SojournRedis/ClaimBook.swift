#if Redis
import SojournModel
import Synchronization

/// The claims of this process that have tasks under way: when their leases were made, which saves asking, and whether
/// their workers live and die with this process, so that the leases can be given up when it ends in order.
final class ClaimBook: Sendable {
    fileprivate struct Entry {
        let leasedAt: Timestamp
        let isLocal: Bool
        var open: Int
    }
    fileprivate struct State {
        var entries: [LeaseToken: Entry] = [:]
        /// The claims in their order, so that those whose tasks never come back can be forgotten.
        var order: [LeaseToken] = []
    }
    fileprivate static let most = 8_192
    private let state = Mutex(State())

    /// The common tokens of local claims.
    var locals: Set<LeaseToken> { state.withLock { Set($0.entries.filter { $0.value.isLocal }.keys) } }

    /// Notes a claim that handed out so many tasks.
    func add(_ token: LeaseToken, leasedAt: Timestamp, count: Int, isLocal: Bool) {
        guard count > 0 else { return }
        state.withLock { state in
            state.entries[token] = Entry(leasedAt: leasedAt, isLocal: isLocal, open: count)
            state.order.append(token)
            if state.order.count >= 2 * Self.most { state.trim() }
        }
    }

    /// When the leases with these common tokens were made; nil where it is not known.
    func leasedAt(_ tokens: [LeaseToken]) -> [Timestamp?] {
        state.withLock { state in
            var last: (token: LeaseToken, leasedAt: Timestamp?)?
            return tokens.map { token in
                // Tasks of one claim mostly end together.
                if let last, last.token == token { return last.leasedAt }
                let leasedAt = state.entries[token]?.leasedAt
                last = (token, leasedAt)
                return leasedAt
            }
        }
    }

    /// Notes that one task of each claim is over.
    func close(_ tokens: [LeaseToken]) {
        state.withLock { state in
            var start = 0
            while start < tokens.count {
                let token = tokens[start]
                let end = tokens[start...].firstIndex { $0 != token } ?? tokens.count
                defer { start = end }
                guard let open = state.entries[token]?.open else { continue }
                state.entries[token]?.open = open - (end - start)
                if open <= end - start { state.entries[token] = nil }
            }
        }
    }
}

extension ClaimBook.State {
    /// Keeps the newest claims that are open.
    fileprivate mutating func trim() {
        let open = order.filter { entries[$0] != nil }
        for token in open.dropLast(ClaimBook.most) { entries[token] = nil }
        order = open.suffix(ClaimBook.most)
    }
}
#endif
