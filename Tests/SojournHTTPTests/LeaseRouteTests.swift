#if HTTP
import Foundation
import ServiceLifecycle
import SojournCore
import SojournHTTP
import SojournModel
import SojournTestKit
import SojournWire
import Testing

@Suite("Routes of leases") struct LeaseRouteTests {
    @Test func claimsByQueueAndType() async throws {
        try await TestServer.with { server in
            try await server.enqueue(#"{"type":"a","queue":"x"}"#)
            try await server.enqueue(#"{"type":"b","queue":"y","max_retries":9}"#)
            #expect(try await server.claim(#"{"queues":["z"]}"#) == nil)
            #expect(try await server.claim(#"{"types":["c"],"limit":5}"#) == nil)
            #expect(try await server.claim(#"{"types":[]}"#) == nil)
            let reply = try await server.post(
                "/leases", #"{"queues":["y"],"types":["b"],"limit":5,"lease_seconds":10}"#)
            #expect(reply.text.contains(#""max_retries":9"#) && reply.text.contains(#""attempt":1"#))
            let delivery = try #require(try LeaseAnswer(bytes: reply.body).deliveries.first)
            let length = delivery.lease.expiresAt.duration(since: server.queue.time.now())
            #expect(length > .seconds(5) && length <= .seconds(10))
        }
    }

    @Test(arguments: [
        (#""outcome":"succeeded""#, TaskStatus.succeeded, nil as String?),
        (#""outcome":"succeeded","result":[1, 2],"run_seconds":1.5"#, .succeeded, nil),
        (#""outcome":"failed","error":"no route""#, .retrying, "no route"),
        (#""outcome":"failed","error":"no route","retryable":false"#, .dead, "no route"),
        (#""outcome":"failed","retry_after_seconds":30"#, .retrying, ""),
        (#""outcome":"snoozed","retry_after_seconds":0.5"#, .scheduled, nil),
        (#""outcome":"discarded","error":"useless""#, .dead, "useless"),
        (#""outcome":"cancelled""#, .cancelled, nil),
        (#""outcome":"interrupted""#, .queued, nil),
    ])
    func outcomes(report: String, status: TaskStatus, error: String?) async throws {
        try await TestServer.with { server in
            let id = try await server.enqueue()
            let delivery = try #require(try await server.claim())
            #expect(try await server.complete(delivery, report) == "ok")
            let record = try #require(try await server.queue.store.task(id))
            #expect(record.status == status && record.lastError == error)
            if report.contains("[1, 2]") {
                #expect(record.result == Array("[1, 2]".utf8))
                let attempt = try #require(record.attempts.last)
                #expect(attempt.finishedAt?.duration(since: attempt.startedAt) == .milliseconds(1_500))
            }
            // Said once more, because the answer may have been lost.
            let again = try await server.complete(delivery, report)
            #expect(again == "ok")
            #expect(try await server.queue.store.task(id)?.status == status)
        }
    }

    @Test func aLostLeaseChangesNothing() async throws {
        let time = ManualTime()
        try await TestServer.with(time: time) { server in
            let id = try await server.enqueue()
            let first = try #require(try await server.claim(#"{"lease_seconds":5}"#))
            #expect(try await server.complete(first, #""outcome":"interrupted""#) == "ok")
            let second = try #require(try await server.claim())
            #expect(try await server.complete(first, #""outcome":"succeeded""#) == "lost")
            let beat = try await server.post(
                "/leases/extend",
                """
                {"leases":[{"task_id":"\(id)","token":"\(first.lease.token)"},
                {"task_id":"\(id)","token":"\(second.lease.token)"}],"lease_seconds":40}
                """)
            let statuses = try ExtendAnswer(bytes: beat.body).leases.map(\.status)
            #expect(statuses == [.lost, .held(until: time.now().advanced(by: .seconds(40)))])
            #expect(try await server.queue.store.task(id)?.status == .running)
            let unknown = try await server.post(
                "/leases/complete",
                """
                {"results":[{"task_id":"01979f3c-5d2a-7cc0-8a4e-0123456789ab",
                "token":"00000000000000000000000000000000","outcome":"succeeded"}]}
                """)
            #expect(unknown.text.contains(#""status":"lost""#))
        }
    }

    @Test func emptyBatchesAreFine() async throws {
        try await TestServer.with { server in
            let extended = try await server.post("/leases/extend", #"{"leases":[]}"#)
            #expect(extended.text.hasPrefix(#"{"leases":[],"#))
            let completed = try await server.post("/leases/complete", #"{"results":[]}"#)
            #expect(completed.text == #"{"results":[]}"#)
        }
    }

    @Test func aLongPollEndsWhenATaskComes() async throws {
        try await TestServer.with { server in
            async let claimed = server.claim(#"{"wait_seconds":60}"#)
            let id = try await server.enqueue()
            #expect(try await claimed?.message.id == id)
        }
    }

    /// The answer to a claim that waits on a connection of its own while `meanwhile` happens.
    private func answer(
        to claim: String, from server: TestServer, meanwhile: () async throws -> Void
    ) async throws -> Reply {
        let text = TestServer.head("POST", "/leases", host: server.host, length: claim.utf8.count) + claim
        return try await server.raw { socket in
            try socket.send(text)
            return socket
        } then: { socket in
            try await meanwhile()
            return try await onThread { try socket.reply() }
        }
    }

    @Test func aLongPollEndsWithItsTime() async throws {
        try await TestServer.with { server in
            let delivery = try await server.claim(#"{"wait_seconds":0.05}"#)
            #expect(delivery == nil)
        }
    }

    /// Nobody waits for the answer any more: the task stays for those who do.
    @Test func aLongPollEndsWithItsConnection() async throws {
        try await TestServer.with { server in
            let body = #"{"wait_seconds":60}"#
            let text = TestServer.head("POST", "/leases", host: server.host, length: body.utf8.count) + body
            try await server.raw { socket in
                try socket.send(text)
                // Half of the connection ends, so the end of the wait can be seen from here.
                socket.finishSending()
                let reply = try socket.reply()
                #expect(reply.status == 200 && reply.text.hasPrefix(#"{"tasks":[],"#))
            }
            try await server.enqueue()
            #expect(try await server.claim() != nil)
        }
    }

    @Test func aLongPollEndsWithTheServer() async throws {
        let time = ManualTime()
        try await TestServer.with(time: time) { server in
            let reply = try await answer(to: #"{"wait_seconds":60}"#, from: server) {
                await time.until { $0 > 0 }
                await server.services.triggerGracefulShutdown()
            }
            #expect(reply.status == 200 && reply.text.hasPrefix(#"{"tasks":[],"#))
        }
    }

    @Test func aLongPollEndsWhenItsWorkerLeaves() async throws {
        let time = ManualTime()
        try await TestServer.with(time: time) { server in
            let reply = try await answer(to: #"{"worker":"w","wait_seconds":60}"#, from: server) {
                await time.until { $0 > 0 }
                let others = try await server.post("/leases/leave", #"{"worker":"v"}"#)
                #expect(others.text == #"{"ended":0}"#)
                let its = try await server.post("/leases/leave", #"{"worker":"w"}"#)
                #expect(its.text == #"{"ended":1}"#)
            }
            #expect(reply.status == 200 && reply.text.hasPrefix(#"{"tasks":[],"#))
            #expect(try await server.post("/leases/leave", #"{"worker":"w"}"#).text == #"{"ended":0}"#)
        }
    }

    @Test func whatIsGrantedToAWorkerThatLeavesArrives() async throws {
        let faulty = FaultyQueue()
        try await TestServer.with(store: faulty) { server in
            let id = try await server.enqueue()
            faulty.delayGrants(by: .milliseconds(400))
            let reply = try await answer(to: #"{"worker":"w","wait_seconds":20}"#, from: server) {
                try await eventually("it is granted") {
                    try await server.queue.store.task(id)?.status == .running
                }
                #expect(try await server.post("/leases/leave", #"{"worker":"w"}"#).text == #"{"ended":1}"#)
            }
            #expect(try LeaseAnswer(bytes: reply.body).deliveries.map(\.message.id) == [id])
        }
    }

    @Test func whatIsGrantedToAWorkerThatHasGoneIsHandedBack() async throws {
        let faulty = FaultyQueue()
        try await TestServer.with(store: faulty) { server in
            let id = try await server.enqueue()
            faulty.delayGrants(by: .milliseconds(400))
            let body = #"{"worker":"w","wait_seconds":20}"#
            let request = TestServer.head("POST", "/leases", host: server.host, length: body.utf8.count) + body
            try await server.raw { socket in
                try socket.send(request)
                Thread.sleep(forTimeInterval: 0.1)
                socket.close()
            }
            #expect(try await server.queue.store.task(id)?.status == .running)
            // Its lease would last for another minute.
            try await eventually("it waits again", within: .seconds(10)) {
                try await server.queue.store.task(id)?.status == .queued
            }
            #expect(try await server.queue.store.task(id)?.message.attempt == 0, "the attempt does not count")
        }
    }
}
#endif
