import SojournCore
import SojournModel

extension Trial {
    /// Every page of a listing.
    func pages(matching filter: TaskFilter, limit: Int) async throws -> [TaskPage] {
        var pages: [TaskPage] = []
        repeat {
            pages.append(try await store.tasks(matching: filter, limit: limit, cursor: pages.last?.cursor))
            try SojournConformance.expect(pages.count < 100, "a listing must come to an end")
        } while pages.last?.cursor != nil
        return pages
    }

    /// The tasks of a listing.
    func list(_ filter: TaskFilter) async throws -> Set<TaskID> {
        Set(try await pages(matching: filter, limit: 10).flatMap(\.tasks).map(\.message.id))
    }

    /// Stores tasks whose identifiers are in order.
    fileprivate func enqueueInOrder(_ count: Int) async throws -> [TaskID] {
        var ids: [TaskID] = []
        for _ in 0..<count {
            ids.append(try await enqueue())
            try await tick()
        }
        return ids
    }
}

extension ConformanceSuite {
    static let listingChecks: [ConformanceCheck] = [
        ConformanceCheck("listing: newest first, as the records are, but without attempts") { trial in
            var ids = try await trial.enqueueInOrder(3)
            try await trial.settle(try await trial.claimOne(), .failed(Failure("no", isRetryable: false)))
            ids.reverse()
            let page = try await trial.store.tasks(matching: TaskFilter(), limit: 10, cursor: nil)
            try expectEqual(page.tasks.map(\.message.id), ids, "order")
            try expectEqual(page.cursor, nil, "where the next page begins")
            for listed in page.tasks {
                var record = try await trial.record(listed.message.id)
                record.attempts = []
                try expectEqual(listed, record, "record")
            }
        },
        ConformanceCheck("listing: pages are full, and show every task once") { trial in
            let ids = try await trial.enqueueInOrder(25)
            let pages = try await trial.pages(matching: TaskFilter(), limit: 10)
            try expectEqual(pages.flatMap(\.tasks).map(\.message.id), ids.reversed(), "tasks")
            try expectEqual(pages.map(\.tasks.count).prefix(3), [10, 10, 5], "sizes")
            try expectEqual(
                try await trial.store.tasks(matching: TaskFilter(), limit: 25, cursor: nil).tasks.count, 25,
                "tasks on a page that holds all")
        },
        ConformanceCheck("listing: what comes in meanwhile disturbs no page") { trial in
            let ids = try await trial.enqueueInOrder(10)
            let first = try await trial.store.tasks(matching: TaskFilter(), limit: 4, cursor: nil)
            _ = try await trial.enqueueInOrder(3)
            try await trial.settle(try await trial.claimOne())
            try await trial.advance(.seconds(1))
            try await trial.prune(finished: trial.now)
            let cursor = try require(first.cursor, "there is a second page")
            let second = try await trial.store.tasks(matching: TaskFilter(), limit: 20, cursor: cursor)
            try expectEqual(first.tasks.map(\.message.id), ids[6...].reversed(), "the first page")
            try expectEqual(second.tasks.map(\.message.id), ids[1..<6].reversed(), "the second page")
        },
        ConformanceCheck("listing: every condition of a filter counts") { trial in
            let plain = try await trial.bury(trial.newTask(), error: "left unread")
            var task = trial.newTask(
                type: "special", queue: "q", tenant: "t", priority: .high, tags: ["red", "green"])
            let special = try await trial.enqueue(task)
            let claimed = try require(try await trial.claim(1, queues: ["q"]).first, "one waits")
            try await trial.settle(claimed, .failed(Failure("disk is full")))
            let filters: [(TaskFilter, String)] = [
                (TaskFilter(queue: "q"), "queue"), (TaskFilter(status: .retrying), "status"),
                (TaskFilter(type: "special"), "type"), (TaskFilter(tenant: "t"), "tenant"),
                (TaskFilter(tag: "green"), "tag"), (TaskFilter(error: "disk"), "error"),
                (TaskFilter(ids: [special]), "ids"),
                (
                    TaskFilter(
                        queue: "q", status: .retrying, type: "special", tenant: "t", tag: "red", error: "is full",
                        ids: [plain, special]), "all"
                ),
            ]
            for (filter, what) in filters { try expectEqual(try await trial.list(filter), [special], what) }
            try expectEqual(try await trial.list(TaskFilter()), [plain, special], "without conditions")
            let none: [(TaskFilter, String)] = [
                (TaskFilter(queue: "q", status: .dead), "conditions of two tasks"), (TaskFilter(tag: "gree"), "a part"),
                (TaskFilter(tag: "red green"), "two tags in one"), (TaskFilter(ids: []), "no identifiers"),
                (TaskFilter(error: "DISK"), "another case"), (TaskFilter(error: "%"), "a wild card of SQL"),
                (TaskFilter(error: "_nread"), "another wild card"),
            ]
            for (filter, what) in none { try expectEqual(try await trial.list(filter), [], what) }
        },
        ConformanceCheck("listing: a filter with pages finds all that match") { trial in
            let ids = try await trial.enqueueInOrder(30)
            for _ in 0..<10 { try await trial.settle(try await trial.claimOne()) }
            let done = try await trial.pages(matching: TaskFilter(status: .succeeded), limit: 3)
            try expectEqual(done.flatMap(\.tasks).map(\.message.id), ids[0..<10].reversed(), "succeeded")
            try expect(done.allSatisfy { $0.tasks.count <= 3 }, "no page is longer than asked for")
        },
        ConformanceCheck("listing: a page is never longer than the longest page") { trial in
            try await trial.enqueue((0..<(Limits.page + 5)).map { _ in trial.newTask() })
            let page = try await trial.store.tasks(matching: TaskFilter(), limit: .max, cursor: nil)
            try expectEqual(page.tasks.count, Limits.page, "tasks on the page")
            let rest = try await trial.store.tasks(matching: TaskFilter(), limit: .max, cursor: page.cursor)
            try expectEqual(rest.tasks.count, 5, "tasks on the next page")
        },
    ]
}
