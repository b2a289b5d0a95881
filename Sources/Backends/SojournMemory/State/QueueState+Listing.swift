import SojournCore
import SojournModel

extension QueueState {
    /// One task with its attempts.
    func record(of id: TaskID) -> TaskRecord? { table.slot(of: id).map { table[$0].fullRecord } }

    /// A page of a listing, newest first. Its cursor is the identifier of the last record that was looked at.
    func page(matching filter: TaskFilter, limit: Int, cursor: String?) throws(BackendError) -> TaskPage {
        let start = try cursor.map { text throws(BackendError) in
            guard let id = TaskID(text) else {
                throw BackendError(.rejected, "cursor must be one that a listing has handed out.")
            }
            return id
        }
        if let ids = filter.ids { return page(of: ids, matching: filter, limit: limit, below: start) }
        return page(table.newestFirst(below: start), matching: filter, ids: nil, limit: limit)
    }

    private func page(of ids: [TaskID], matching filter: TaskFilter, limit: Int, below start: TaskID?) -> TaskPage {
        let wanted = Set(ids)
        let newest = wanted.filter { id in start.map { id < $0 } ?? true }.sorted(by: >)
        return page(newest.lazy.compactMap { table.slot(of: $0) }, matching: filter, ids: wanted, limit: limit)
    }

    private func page(
        _ slots: some Sequence<Int>, matching filter: TaskFilter, ids: Set<TaskID>?, limit: Int
    ) -> TaskPage {
        let limit = min(max(1, limit), Limits.page)
        var page = TaskPage(tasks: [])
        var looked = 0
        var last: TaskID?
        for slot in slots {
            if page.tasks.count == limit || looked == Limits.pageScan {
                page.cursor = last?.description
                break
            }
            let record = table[slot].record
            looked += 1
            last = record.message.id
            guard filter.matches(record, ids: ids) else { continue }
            page.tasks.append(record)
            page.tasks[page.tasks.count - 1].attempts = []
        }
        return page
    }
}

extension TaskFilter {
    /// Whether all conditions hold for `record`; `ids` are the filter's, as a set.
    func matches(_ record: TaskRecord, ids: Set<TaskID>?) -> Bool {
        let message = record.message
        return ids?.contains(message.id) ?? true
            && queue.map { $0 == message.queue } ?? true
            && status.map { $0 == record.status } ?? true
            && type.map { $0 == message.type } ?? true
            && tenant.map { $0 == message.tenant } ?? true
            && tag.map { record.tags.contains($0) } ?? true
            && error.map { record.lastError?.contains($0) ?? false } ?? true
            && finishedBefore.map { (record.finishedAt ?? .distantFuture) < $0 } ?? true
    }
}
