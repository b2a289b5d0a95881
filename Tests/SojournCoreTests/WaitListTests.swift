import SojournCore
import SojournModel
import SojournTestKit
import Testing

@Suite("Wait list", .timeLimit(.minutes(1))) struct WaitListTests {
    private let time = ManualTime()

    /// Starts a waiter for each list of queues, in order, runs `body`, and tells who was woken by it.
    private func woken(
        _ waiters: [[QueueName]], types: [Set<TaskType>?]? = nil, by body: (WaitList) -> Void
    ) async throws -> [Int] {
        let list = WaitList(time: time)
        let tickets = waiters.enumerated().map { list.ticket(for: $1, types: types?[$0] ?? nil) }
        body(list)
        // Whoever was not woken is cancelled; who was returns at once. Order tells them apart.
        let isWoken = Counter()
        return try await withThrowingTaskGroup(of: Int?.self) { group in
            for (index, ticket) in tickets.enumerated() {
                group.addTask {
                    await list.wait(ticket, until: .distantFuture)
                    if Task.isCancelled { return nil }
                    isWoken.increment()
                    return index
                }
            }
            let left = list.count
            try await eventually("the woken return") { isWoken.value == waiters.count - left }
            group.cancelAll()
            let woken = try await group.reduce(into: []) { $0 += $1.map { [$0] } ?? [] }
            #expect(list.count == 0)
            return woken.sorted()
        }
    }

    @Test(arguments: [(-1, []), (0, []), (1, [0]), (2, [0, 1]), (9, [0, 1, 2])] as [(Int, [Int])])
    func wakesAtMostSoManyLongestWaitingFirst(count: Int, expected: [Int]) async throws {
        let woken = try await woken([["a"], ["a"], ["a"]]) { $0.wake("a", count: count) }
        #expect(woken == expected)
    }

    @Test func wakesThoseWhoServeTheQueue() async throws {
        let woken = try await woken([["b"], ["b", "a"], [], ["c"], ["a"]]) { $0.wake("a", count: 2) }
        #expect(woken == [1, 2])
    }

    @Test(
        arguments: [
            ("a", [0, 2]), ("b", [1, 2]), ("z", [2]), (nil, [0, 1, 2]),
        ] as [(TaskType?, [Int])])
    func wakesThoseWhoCanRunTheType(type: TaskType?, expected: [Int]) async throws {
        let woken = try await woken(["q", "q", "q"].map { [$0] }, types: [["a"], ["b"], nil]) {
            $0.wake("q", type: type, count: 9)
        }
        #expect(woken == expected)
    }

    @Test func aCallerOfOtherTypesTakesNobodysWakeUp() async throws {
        let woken = try await woken([["q"], ["q"]], types: [["a"], ["b"]]) { $0.wake("q", type: "b", count: 1) }
        #expect(woken == [1])
    }

    @Test func aQueueThatNobodyServesWakesNobody() async throws {
        #expect(try await woken([["a"], ["b"]]) { $0.wake("z", count: 9) } == [])
    }

    @Test func wakesAll() async throws {
        #expect(try await woken([["a"], [], ["b"]]) { $0.wakeAll() } == [0, 1, 2])
    }

    @Test func aWakeUpBetweenTicketAndWaitIsNotLost() async {
        let list = WaitList(time: time)
        let ticket = list.ticket(for: [])
        list.wake("a", count: 1)
        await list.wait(ticket, until: .distantFuture)
    }

    @Test func aPlaceGivenBackTakesNoWakeUp() async {
        let list = WaitList(time: time)
        let first = list.ticket(for: [])
        let second = list.ticket(for: [])
        list.cancel(first)
        #expect(list.count == 1)
        list.wake("a", count: 1)
        await list.wait(second, until: .distantFuture)
        #expect(list.count == 0)
    }

    @Test func comesBackAtItsInstantAndLeavesTheLine() async throws {
        let list = WaitList(time: time)
        let end = time.now().advanced(by: .seconds(5))
        async let waited: WaitList.Call? = list.wait(list.ticket(for: ["a"]), until: end)
        try await eventually("it sleeps") { time.sleeping == 1 }
        time.advance(by: .seconds(5))
        _ = await waited
        #expect(list.count == 0)
    }

    @Test func whatWasNotTakenIsForOthers() async {
        let list = WaitList(time: time)
        let (first, second) = (list.ticket(for: []), list.ticket(for: ["a"]))
        list.wake("a", count: 1)
        let call = await list.wait(first, until: .distantFuture)
        list.passOn(call, unlessIn: LeaseGrant())
        #expect(list.count == 1, "somebody was quicker")
        let other = TaskMessage(type: "t", queue: "b", payload: [], now: time.now())
        list.passOn(call, unlessIn: LeaseGrant(expired: [other]))
        #expect(list.count == 0, "it took another task")
        await list.wait(second, until: .distantFuture)
        let third = list.ticket(for: ["a"])
        list.passOn(call, unlessIn: nil)
        await list.wait(third, until: .distantFuture)
        #expect(list.count == 0, "it failed")
    }

    @Test("a call that comes while a claim looks is passed on, whatever the claim has found")
    func calledWhileItLooks() async {
        for found in [
            LeaseGrant(), LeaseGrant(expired: [TaskMessage(type: "t", queue: "a", payload: [], now: time.now())]),
        ] {
            let list = WaitList(time: time)
            let grant = await list.claim(LeaseRequest(limit: 1, worker: "w")) {
                _ = list.ticket(for: ["a"])
                list.wake("a", count: 1)
                #expect(list.count == 1, "the claim was called: it stands first in the line")
                return found
            }
            #expect(grant.isEmpty == found.isEmpty)
            #expect(list.count == 0, "the other one was called")
        }
    }

    @Test("a claim that fails or is cancelled passes its call on")
    func calledInVain() async throws {
        let list = WaitList(time: time)
        let request = LeaseRequest(limit: 1, wait: .seconds(60), worker: "w")
        await #expect(throws: BackendError.self) {
            _ = try await list.claim(request) { () throws(BackendError) in
                _ = list.ticket(for: ["a"])
                list.wake("a", count: 1)
                throw BackendError(.unavailable, "gone")
            }
        }
        #expect(list.count == 0)

        let looked = Counter()
        let claim = Task {
            await list.claim(request) {
                looked.increment()
                return LeaseGrant()
            }
        }
        try await eventually("it waits") { looked.value == 1 && time.sleeping == 1 }
        _ = list.ticket(for: ["a"])
        list.wake("a", count: 1)
        claim.cancel()
        #expect(await claim.value.isEmpty)
        #expect(list.count == 0 || looked.value > 1)
    }

    @Test func underStressEveryTaskFindsAWorker() async throws {
        let list = WaitList(time: time)
        let (tasks, done) = (Counter(), Counter())
        let total = 3_000
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    while !Task.isCancelled {
                        let ticket = list.ticket(for: ["q"])
                        if tasks.take() {
                            list.cancel(ticket)
                            done.increment()
                        } else {
                            await list.wait(ticket, until: .distantFuture)
                        }
                    }
                }
            }
            for _ in 0..<3 {
                group.addTask {
                    for _ in 0..<(total / 3) {
                        tasks.increment()
                        list.wake("q", count: 1)
                        await Task.yield()
                    }
                }
            }
            try await eventually("every task is taken") { done.value == total }
            group.cancelAll()
        }
    }
}
