#if SQLite
import SojournCore
import SojournModel

/// Reads who waits, line by line; runs on the pool's reading connections.
struct WaitingReader {
    let connection: OpaquePointer

    /// The lines in which somebody waits.
    func lines() throws(BackendError) -> [HintLine] {
        let select = try Statement(
            "SELECT queue, tenant, priority, type FROM lane WHERE queued > 0 ORDER BY id", on: connection)
        defer { select.finalize() }
        var lines: [HintLine] = []
        while try select.next() {
            let lane = Lane(
                queue: QueueName(trusted: select.text(0) ?? ""), tenant: Tenant(trusted: select.text(1) ?? ""),
                priority: Priority(rawValue: select.int(2)) ?? .default)
            lines.append(HintLine(lane: lane, type: TaskType(trusted: select.text(3) ?? "")))
        }
        return lines
    }

    /// One page for each look.
    func pages(_ looks: [WaitingLook]) throws(BackendError) -> [WaitingPage] {
        let select = try Statement(
            """
            SELECT id, available_at, seq FROM task INDEXED BY task_ready
            WHERE status = 2 AND lane = (
                    SELECT lane.id FROM lane WHERE queue = ?1 AND tenant = ?2 AND priority = ?3 AND type = ?4)
                AND available_at >= ?5 AND (available_at > ?5 OR seq > ?6) AND available_at < ?7
            ORDER BY available_at, seq LIMIT ?8
            """, on: connection)
        defer { select.finalize() }
        var pages: [WaitingPage] = []
        pages.reserveCapacity(looks.count)
        for look in looks { pages.append(try page(look, with: select)) }
        return pages
    }

    private func page(_ look: WaitingLook, with select: Statement) throws(BackendError) -> WaitingPage {
        let lane = look.line.lane
        let limit = max(0, look.limit)
        select.bind(1, lane.queue.rawValue)
        select.bind(2, lane.tenant.rawValue)
        select.bind(3, lane.priority.rawValue)
        select.bind(4, look.line.type.rawValue)
        select.bind(5, look.after.availableAt)
        select.bind(6, look.after.order)
        select.bind(7, look.before)
        select.bind(8, limit)
        var page = WaitingPage()
        var last = look.after
        try select.forEachRow { (row: Statement) throws(BackendError) in
            last = WaitingPlace(availableAt: row.timestamp(1), order: row.int64(2))
            page.hints.append(Hint(id: row.taskID(0), line: look.line, availableAt: last.availableAt))
        }
        if page.hints.count == limit { page.end = last }
        return page
    }
}
#endif
