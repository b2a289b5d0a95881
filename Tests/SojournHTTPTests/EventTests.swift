#if HTTP
import NIOCore
import ServiceLifecycle
import SojournCore
@testable import SojournHTTP
import SojournModel
import SojournTestKit
import SojournWire
import Synchronization
import Testing

@Suite("Events") struct EventTests {
    private let time = ManualTime()

    private func view(_ name: QueueName, waiting: Int = 0, _ decisions: [ScalingDecision] = []) -> QueueView {
        var view = QueueView(name: name, isPaused: false, depth: [.default: [.queued: waiting]])
        view.insight.decisions = decisions
        return view
    }

    private func result(
        _ number: Int, on queue: QueueName = "q", _ outcome: Outcome = .succeeded(), _ status: TaskStatus = .succeeded
    ) -> AttemptResult {
        let now = Timestamp(microseconds: 1_000_000)
        let message = TaskMessage(
            id: TaskID(high: 1, low: UInt64(number)), type: "t", queue: queue, payload: [], enqueuedAt: now,
            availableAt: now, attempt: 1)
        let delivery = Delivery(
            message: message, lease: Lease(task: message.id, token: LeaseToken(high: 1, low: 1), expiresAt: now))
        return AttemptResult(
            report: AttemptReport(
                delivery: delivery, outcome: outcome, startedAt: now.advanced(by: .milliseconds(200)),
                finishedAt: now.advanced(by: .milliseconds(500)), worker: "w"),
            verdict: Verdict(status: status, disposition: .acknowledge, countsAttempt: true))
    }

    /// The next `count` events, as their names and their data.
    private func events(
        _ count: Int, of stream: AsyncStream<ByteBuffer>?
    ) async throws -> [(name: String, data: String)] {
        var events: [(name: String, data: String)] = []
        var iterator = try #require(stream).makeAsyncIterator()
        while events.count < count, let bytes = await iterator.next() {
            let text = String(buffer: bytes)
            #expect(text.hasSuffix("\n\n"))
            let lines = text.split(separator: "\n").map(String.init)
            if lines == [":"] { continue }
            events.append((String(lines[0].dropFirst("event: ".count)), String(lines[1].dropFirst("data: ".count))))
        }
        return events
    }

    @Test func aReaderIsToldAtOnceHowTheQueuesStand() async throws {
        let feed = EventFeed(time: time)
        feed.show([view("a", waiting: 3), view("b")])
        let all = try await events(1, of: feed.watch(nil, limit: 9))[0]
        #expect(all.name == "queues")
        let queues = try JSONValue(validating: Array(all.data.utf8)).object().required("queues").array(maxCount: 9)
        #expect(try queues.map { json throws(JSONError) in try QueueView(json: json).name } == ["a", "b"])
        let one = try await events(1, of: feed.watch("b", limit: 9))[0]
        #expect(!one.data.contains(#""name":"a""#) && one.data.contains(#""name":"b""#))
    }

    /// Figures of an hour ago must not look like those of now because somebody has just come.
    @Test func aReaderIsToldWhenTheQueuesStoodSo() async throws {
        let feed = EventFeed(time: time)
        var early = try #require(feed.watch(nil, limit: 9)).makeAsyncIterator()
        #expect(await early.next() == .silence, "nobody has looked yet")
        let then = time.now()
        feed.show([view("a")])
        time.advance(by: .seconds(3_600))
        let late = try await events(1, of: feed.watch(nil, limit: 9))[0]
        let at = try JSONValue(validating: Array(late.data.utf8)).object().required("at").timestamp()
        #expect(at == then)
    }

    @Test func failuresAreToldBeforeSuccesses() async throws {
        let feed = EventFeed(time: time)
        let stream = feed.watch(nil, limit: 9)
        let failed = (100..<103).map { result($0, on: "f", .failed(Failure("no")), .retrying) }
        let all = (0..<40).map { result($0) } + failed + (40..<60).map { result($0) }
        feed.ended(all, Array(repeating: .settled, count: all.count))
        feed.show([])
        let tasks = try await events(1, of: stream)[0]
        #expect(tasks.name == "tasks" && tasks.data.contains(#""omitted":38"#))
        #expect(tasks.data.split(separator: #""status":"retrying""#).count == 4)
        #expect(tasks.data.split(separator: "task_id").count == 26)
    }

    @Test func thoseThatDieInTheLineAreTold() async throws {
        let feed = EventFeed(time: time)
        let stream = feed.watch(nil, limit: 9)
        let died = TaskMessage(type: "t", queue: "f", payload: [], now: time.now())
        time.advance(by: .seconds(3))
        feed.ended((0..<40).map { result($0) }, Array(repeating: .settled, count: 40))
        feed.expired([died])
        feed.show([])
        let tasks = try await events(1, of: stream)[0]
        let one = try #require(tasks.data.split(separator: "{").first { $0.contains(#""status":"dead""#) })
        #expect(one.contains("\(died.id)") && one.contains(#""queue":"f""#) && one.contains(#""wait_seconds":3"#))
        #expect(one.contains("deadline") && !one.contains("worker") && !one.contains("run_seconds"))
    }

    @Test func queuesAreToldAboutOnceASecond() async throws {
        let feed = EventFeed(time: time)
        let stream = feed.watch(nil, limit: 9)
        for waiting in 1...5 {
            feed.show([view("a", waiting: waiting)])
            time.advance(by: .milliseconds(500))
        }
        let seen = try await events(3, of: stream).map(\.data)
        for (data, waiting) in zip(seen, [1, 3, 5]) { #expect(data.contains("\"waiting\":\(waiting)")) }
    }

    @Test func tasksThatEndedAreToldInPart() async throws {
        let feed = EventFeed(time: time)
        feed.show([])
        feed.ended([result(1)], [.settled])
        let (all, other) = (feed.watch(nil, limit: 9), feed.watch("other", limit: 9))
        feed.ended((0..<40).map { result($0) } + [result(41)], Array(repeating: .settled, count: 40) + [.leaseLost])
        feed.show([])
        let tasks = try await events(2, of: all)[1]
        #expect(tasks.name == "tasks" && tasks.data.contains(#""omitted":15"#))
        #expect(tasks.data.contains(#""wait_seconds":0.2"#) && tasks.data.contains(#""run_seconds":0.3"#))
        #expect(tasks.data.split(separator: "task_id").count == 26)
        let some = (0..<30).map { result($0) } + [result(99, on: "other")]
        feed.ended(some, Array(repeating: .settled, count: 31))
        time.advance(by: .seconds(1))
        feed.show([])
        let told = try await events(4, of: other)
        #expect(told.map(\.name) == ["queues", "queues", "tasks", "queues"])
        #expect(told[2].data.contains(#""omitted":0"#), "of its own queue, whatever else ended")
        let again = try await events(2, of: all)
        #expect(again.contains { $0.data.contains(#""omitted":6"#) })
    }

    @Test func newDecisionsAreToldOnce() async throws {
        let feed = EventFeed(time: time)
        let old = ScalingDecision(at: time.now(), from: 1, to: 2, reason: "old")
        feed.show([view("a", [old])])
        let stream = feed.watch(nil, limit: 9)
        let new = ScalingDecision(at: time.now().advanced(by: .seconds(1)), from: 2, to: 3, reason: "new")
        for _ in 0..<3 { feed.show([view("a", [new, old])]) }
        feed.show([view("b", [old])])
        time.advance(by: .seconds(2))
        feed.show([view("b", [new, old])])
        let seen = try await events(5, of: stream)
        #expect(seen.map(\.name) == ["queues", "decision", "queues", "decision", "queues"])
        #expect(seen[1].data.contains(#""queue":"a""#) && seen[1].data.contains(#""reason":"new""#))
    }

    @Test func aSlowReaderIsToldWhatItMissed() async throws {
        let feed = EventFeed(time: time)
        feed.show([])
        let stream = feed.watch(nil, limit: 9)
        for _ in 0..<500 {
            time.advance(by: .seconds(1))
            feed.show([])
        }
        // It reads what waits for it, and then hears of the rest.
        let first = try await events(16, of: stream)
        #expect(first.allSatisfy { $0.name == "queues" })
        time.advance(by: .seconds(1))
        feed.show([])
        let next = try await events(2, of: stream)
        #expect(next.map(\.name) == ["gap", "queues"] && next[0].data == #"{"missed":485}"#)
    }

    @Test func readersAreBoundedAndForgotten() async throws {
        let feed = EventFeed(time: time)
        var first = feed.watch(nil, limit: 1)
        #expect(first != nil && feed.watch(nil, limit: 1) == nil)
        first = nil
        try await eventually("the reader is forgotten") { feed.watch(nil, limit: 1) != nil }
    }

    /// The runtime holds a lock of its own while a reader is cancelled, and takes it when the reader is told something.
    @Test(.timeLimit(.minutes(1))) func aReaderMayGoWhileItIsTold() async throws {
        let feed = EventFeed()
        let isOver = Atomic(false)
        async let teller: Void = onThread {
            while !isOver.load(ordering: .relaxed) { feed.beat() }
        }
        for _ in 0..<20_000 {
            await withTaskGroup(of: Void.self) { group in
                let stream = feed.watch(nil, limit: 100)
                group.addTask {
                    guard let stream else { return }
                    for await _ in stream {}
                }
                // Until it has been told something, and waits for more.
                var other = feed.watch(nil, limit: 100)?.makeAsyncIterator()
                for _ in 0..<2 { _ = await other?.next() }
                group.cancelAll()
            }
        }
        isOver.store(true, ordering: .relaxed)
        try await teller
        feed.beat()
        #expect(feed.watch(nil, limit: 1) != nil, "all others have gone")
    }

    @Test func theyComeOverTheWire() async throws {
        let feed = EventFeed()
        feed.show([])
        try await TestServer.with { configuration in
            configuration.events = feed
            configuration.limits.heartbeatTime = .milliseconds(20)
            configuration.limits.eventStreams = 1
        } _: { server in
            let host = server.host
            let seen = try await server.raw { socket in
                try socket.send(TestServer.head("GET", "/events?queue=a", host: host, length: nil))
                return try socket.text(until: ":\n\n")
            }
            #expect(seen.hasPrefix("HTTP/1.1 200 OK\r\n") && seen.lowercased().contains("text/event-stream"))
            #expect(seen.contains("event: queues\ndata: {"))
            let wrong = try await server.get("/events?queues=a")
            #expect(wrong.status == 400)
        }
    }

    /// Otherwise whoever reads nothing would hold up the end of the server for ever.
    @Test func aReaderThatReadsNothingIsCutOff() async throws {
        let feed = EventFeed()
        feed.show([])
        let view = QueueView(name: "a", isPaused: false, depth: [:])
        try await TestServer.with { configuration in
            configuration.events = feed
            configuration.limits.eventStreams = 1
            configuration.limits.writeTime = .milliseconds(300)
        } _: { server in
            let host = server.host
            try await server.raw { socket in
                try socket.send(TestServer.head("GET", "/events", host: host, length: nil))
                _ = try socket.text(until: "event: queues")
                return socket
            } then: { _ in
                let views = Array(repeating: view, count: 2_000)
                try await eventually("it is cut off") {
                    feed.show(views)
                    try await Task.sleep(for: .milliseconds(20))
                    return feed.watch(nil, limit: 1) != nil
                }
            }
        }
    }

    @Test func aStopOfTheServerEndsThem() async throws {
        try await TestServer.with { server in
            let host = server.host
            try await server.raw { socket in
                try socket.send(TestServer.head("GET", "/events", host: host, length: nil))
                _ = try socket.text(until: ":\n\n")
                return socket
            } then: { _ in
                await server.services.triggerGracefulShutdown()
            }
        }
    }
}
#endif
