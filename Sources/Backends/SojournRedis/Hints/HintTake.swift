#if Redis
import RESP
import SojournCore
import SojournModel

/// One call of the take script: shares of one queue.
struct HintTake {
    let call: Command
    /// Whose hints the keys of the call hold, from the second on.
    private let lines: [HintLine]

    init(_ shares: [Dispatch.Share], from survey: HintSurvey, for request: LeaseRequest, now: Timestamp) {
        let keys = survey.keys
        let cutoff = request.promises[keys.queue]?.cutoff(at: now)
        var names = [keys.lines]
        var words: [String] = []
        var lines: [HintLine] = []
        for share in shares {
            let counts = survey.lines.filter { $0.isOf(share.lane) && request.types?.contains($0.line.type) ?? true }
            // Where nobody is late both ends are open, and the script takes the shorter way.
            let isSplit = cutoff != nil && counts.contains { $0.late > 0 }
            let instant = cutoff.map { "\($0.microseconds)" } ?? ""
            words += [
                "\(share.count)", isSplit && !share.isLate ? instant : "-inf",
                isSplit && share.isLate ? "(\(instant)" : "+inf", "\(counts.count)",
            ]
            for count in counts {
                names.append(keys.line(count.line))
                lines.append(HintLine(lane: share.lane, type: count.line.type))
                words += ["\(names.count)", count.line.text]
            }
        }
        var call = HintScripts.take.call(keys: names, capacity: 64 * words.count)
        for word in words { call.append(word) }
        self.call = call
        self.lines = lines
    }

    /// The hints of an answer, without what somebody else put among them.
    func read(_ value: RESPValue) throws(BackendError) -> [Hint] {
        guard let parts = value.elements, parts.count.isMultiple(of: 3) else { throw .unreadable("hints") }
        return stride(from: 0, to: parts.count, by: 3).compactMap { index in
            guard let key = parts[index + 2].integer, lines.indices.contains(key - 2) else { return nil }
            return HintMember.decode(parts[index].bytes, score: parts[index + 1].bytes, line: lines[key - 2])
        }
    }
}

extension HintCount {
    fileprivate func isOf(_ lane: Lane) -> Bool { line.tenant == lane.tenant && line.priority == lane.priority }
}
#endif
