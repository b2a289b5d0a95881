import SojournCore
import SojournModel
import SojournWire

/// Replays with a rate, for people.
enum ReplayTable {
    /// One per line, with what it is about and what keeps it.
    static func text(_ replays: [ReplayView]) -> String {
        var table = Table([
            ("REPLAY", .left), ("DEAD LETTERS", .left), ("RATE", .right), ("PUT BACK", .right), ("STARTED", .left),
            ("HELD UP BY", .left),
        ])
        for replay in replays {
            table.add([
                "\(replay.id)", about(replay.request.filter),
                replay.request.ratePerSecond.map { "\(Words.fixed($0, $0 == $0.rounded() ? 0 : 2))/s" } ?? Words.none,
                "\(replay.replayed) of \(replay.request.limit)", Words.instant(replay.startedAt) ?? Words.none,
                Visible.line(replay.heldUpBy ?? "", upTo: 80),
            ])
        }
        return table.text
    }

    private static func about(_ filter: TaskFilter) -> String {
        if let ids = filter.ids { return Words.counted(ids.count, "task") }
        let conditions = [
            filter.queue.map { "queue \($0)" }, filter.type.map { "type \($0)" },
            filter.error.map { "error \(Visible.line($0, upTo: 40))" },
        ]
        let text = conditions.compactMap { $0 }.joined(separator: ", ")
        return text.isEmpty ? "all" : text
    }
}
