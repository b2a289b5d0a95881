#if Redis
import NIOCore
import RESP
public import SojournCore
import SojournModel

/// Where the next page of a listing begins in each queue: `2.1041-3.77`, queue number and task number.
private struct ListingCursor {
    var numbers: [UInt32: UInt64] = [:]

    init() {}

    init(_ text: String) throws(BackendError) {
        for pair in text.split(separator: "-", omittingEmptySubsequences: false) {
            let words = pair.split(separator: ".")
            guard words.count == 2, let queue = UInt32(words[0]), let number = UInt64(words[1]), number > 0,
                number < 1 << 48
            else { throw BackendError(.rejected, "cursor must be one that an earlier page gave.") }
            numbers[queue] = number
        }
    }

    var text: String { numbers.sorted { $0.key < $1.key }.map { "\($0.key).\($0.value)" }.joined(separator: "-") }
}

/// The newest tasks of one queue that a page has not shown yet.
private struct ListingColumn {
    let entry: Directory.Entry
    /// The number before which the next look begins; 0 is the end of the log.
    var next: UInt64
    var tasks: ArraySlice<(number: UInt64, task: StoredTask)> = []
    var isAtEnd = false
}

extension RedisQueue {
    /// A listing, newest first, without attempts: by arrival inside a queue, by identifier between queues.
    public func tasks(
        matching filter: TaskFilter, limit: Int, cursor: String?
    ) async throws(BackendError) -> TaskPage {
        let limit = min(max(1, limit), Limits.page)
        if let ids = filter.ids { return try await page(of: ids, matching: filter, limit: limit, cursor: cursor) }
        let start = try cursor.map { text throws(BackendError) in try ListingCursor(text) } ?? ListingCursor()
        var columns: [ListingColumn] = []
        for entry in try await allQueues() where filter.queue.map({ $0 == entry.keys.queue }) ?? true {
            columns.append(ListingColumn(entry: entry, next: start.numbers[entry.number] ?? 0))
        }
        var page = TaskPage(tasks: [])
        var looked = 0
        var shown = start
        while page.tasks.count < limit, looked < Limits.pageScan {
            for index in columns.indices where columns[index].tasks.isEmpty && !columns[index].isAtEnd {
                try await fill(&columns[index], limit + 1)
            }
            guard let index = newest(of: columns), let (number, task) = columns[index].tasks.popFirst() else { break }
            looked += 1
            shown.numbers[columns[index].entry.number] = number
            if task.matches(filter) { page.tasks.append(task.listed) }
        }
        for index in columns.indices where columns[index].tasks.isEmpty && !columns[index].isAtEnd {
            try await fill(&columns[index], 1)
        }
        if columns.contains(where: { !$0.tasks.isEmpty }) { page.cursor = shown.text }
        return page
    }

    private func newest(of columns: [ListingColumn]) -> Int? {
        let open = columns.indices.filter { !columns[$0].tasks.isEmpty }
        return open.max { left, right in
            guard let first = columns[left].tasks.first, let second = columns[right].tasks.first else { return false }
            return first.task.body.message.id < second.task.body.message.id
        }
    }

    /// Reads the next tasks of a queue, past those that are gone.
    private func fill(_ column: inout ListingColumn, _ count: Int) async throws(BackendError) {
        while column.tasks.isEmpty, !column.isAtEnd {
            var call = Scripts.page.call(keys: [column.entry.keys.log, column.entry.keys.base])
            call.append(Int(clamping: column.next))
            call.append(count)
            let parts = try await server.send(call).elements ?? []
            guard parts.count == 2, let first = parts[0].integer.flatMap({ UInt64(exactly: $0) }) else {
                throw .unreadable("a page")
            }
            let ids = parts[1].buffers.compactMap { $0.flatMap { TaskID(key: $0) } }
            let after = first - min(first, UInt64(ids.count))
            column.isAtEnd = ids.isEmpty || after == 0
            column.next = after + 1
            let tasks = try await read(ids, in: column.entry)
            let numbered = tasks.enumerated().compactMap { index, task in
                task.map { (number: first - min(first, UInt64(index)), task: $0) }
            }
            column.tasks = numbered[...]
        }
    }

    /// A page of tasks that were asked for by their identifiers. Its cursor is the last one that was looked at.
    private func page(
        of ids: [TaskID], matching filter: TaskFilter, limit: Int, cursor: String?
    ) async throws(BackendError) -> TaskPage {
        let start = try cursor.map { text throws(BackendError) in
            guard let id = TaskID(text) else {
                throw BackendError(.rejected, "cursor must be one that an earlier page gave.")
            }
            return id
        }
        let newest = Set(ids).filter { id in start.map { id < $0 } ?? true }.sorted(by: >)
        let tasks = try await find(newest)
        let matching = newest.compactMap { tasks[$0] }.filter { $0.matches(filter) }
        let page = matching.prefix(limit)
        let next = matching.count > limit ? page.last?.body.message.id.description : nil
        return TaskPage(tasks: page.map(\.listed), cursor: next)
    }
}

extension StoredTask {
    /// The record without its attempts.
    fileprivate var listed: TaskRecord {
        var record = self.record
        record.attempts = []
        return record
    }

    /// Whether all conditions of a filter hold, but for its identifiers.
    func matches(_ filter: TaskFilter) -> Bool {
        let message = body.message
        return filter.queue.map { $0 == message.queue } ?? true
            && filter.status.map { $0 == status } ?? true
            && filter.type.map { $0 == message.type } ?? true
            && filter.tenant.map { $0 == message.tenant } ?? true
            && filter.tag.map { body.tags.contains($0) } ?? true
            && filter.error.map { state.lastError?.contains($0) ?? false } ?? true
            && filter.finishedBefore.map { (state.finishedAt ?? .distantFuture) < $0 } ?? true
    }
}
#endif
