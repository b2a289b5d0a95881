import SojournModel

/// The list of queues: which columns there is room for, and its rows.
struct QueueTable {
    /// Columns of the mark before the selected row.
    private static let margin = 2
    private static let gap = 2
    private static let longestName = 40

    let columns: [Column]

    /// The columns that fit into so many; the more important ones first, but always shown in the same order.
    init(_ available: Int, longestName: Int) {
        let longest = max(5, longestName)
        let name = min(longest, QueueTable.longestName, max(8, available / 6))
        let hasRoom = available >= 56
        let wide = available >= 150
        let all: [(rank: Int, column: Column)] = [
            (0, .name(name)), (1, hasRoom ? .state : .symbol), (2, .waiting), (9, .depthBar(wide ? 18 : 14)),
            (3, .waitNow), (4, .limit), (5, .waits(wide ? 24 : 8)), (11, .p99), (6, .inTime), (10, .budget),
            (8, .rate), (12, .busy), (7, .workers), (13, .dead), (14, .refused), (15, .running),
        ]
        var room = available - QueueTable.margin
        var kept: Set<Int> = []
        for (rank, column) in all.sorted(by: { $0.rank < $1.rank }) {
            let needed = column.width + (kept.isEmpty ? 0 : QueueTable.gap)
            guard needed <= room || kept.isEmpty else { break }
            room -= needed
            kept.insert(rank)
        }
        // What is left belongs to the names.
        let shown = all.filter { kept.contains($0.rank) }
        let grown = Column.name(min(longest, name + max(0, room), QueueTable.longestName))
        columns = shown.map { $0.rank == 0 ? grown : $0.column }
    }

    var heading: Line {
        var line = Line()
        line.skip(QueueTable.margin)
        for (index, column) in columns.enumerated() {
            if index > 0 { line.skip(QueueTable.gap) }
            line.put(column.title, Style(.grey, .bold), in: column.width, right: column.isRight)
        }
        return line
    }

    func row(_ queue: MonitorState.Queue, isSelected: Bool) -> Line {
        var line = Line()
        line.put(isSelected ? "▸ " : "  ", Style(.cyan, .bold))
        for (index, column) in columns.enumerated() {
            if index > 0 { line.skip(QueueTable.gap) }
            let start = line.width
            line.put(column.cell(queue, column.width))
            line.skip(to: start + column.width)
        }
        if isSelected { line.restyle { $0.face.insert(.bold) } }
        return line
    }
}
