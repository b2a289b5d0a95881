#if HTTP
import SojournCore
import SojournHTTP
import SojournModel
import SojournWire
import Testing

@Suite("Routes of queues") struct QueueRouteTests {
    @Test func showsDepthsAndWhatIsPromised() async throws {
        let time = ManualTime()
        try await TestServer.with(time: time) { configuration in
            configuration.promises["q"] = QueuePromise(limit: .seconds(2), percentile: 95, arrivalRate: 20)
            configuration.insight = { queue in
                guard queue == "q" else { return nil }
                var insight = QueueInsight()
                insight.utilization = 0.5
                insight.workers = 3
                insight.decisions = [ScalingDecision(at: time.now(), from: 2, to: 3, reason: "depth over 28")]
                return insight
            }
        } _: { server in
            try await server.enqueue(#"{"type":"t","queue":"q","priority":"high"}"#)
            try await server.enqueue(#"{"type":"t","queue":"q","delay_seconds":9}"#)
            try await server.enqueue(#"{"type":"t","queue":"other"}"#)
            time.advance(by: .seconds(1))
            let view = try QueueView(bytes: try await server.get("/queues/q").body)
            #expect(view.depth[.high] == [.queued: 1])
            #expect(view.depth[.default] == [.scheduled: 1])
            #expect(view.waiting == 1 && view.oldestWait == .seconds(1) && !view.isPaused)
            #expect(view.promise == QueuePromise(limit: .seconds(2), percentile: 95, arrivalRate: 20))
            #expect(view.insight.maxDepth == 40 && view.insight.workers == 3 && view.insight.decisions.count == 1)
            let list = try QueueListView(bytes: try await server.get("/queues").body)
            #expect(list.queues.map(\.name) == ["other", "q"])
            let nothing = try await server.get("/queues/nothing")
            #expect(nothing.status == 404 && nothing.text.contains("nothing"))
        }
    }

    @Test func pausesAndResumes() async throws {
        try await TestServer.with { server in
            try await server.enqueue()
            let paused = try await server.post("/queues/default/pause")
            #expect(paused.status == 200)
            #expect(try QueueView(bytes: paused.body).isPaused)
            #expect(try await server.claim() == nil)
            let resumed = try QueueView(bytes: try await server.post("/queues/default/resume").body)
            #expect(!resumed.isPaused && resumed.waiting == 1)
            #expect(try await server.claim() != nil)
            #expect(try QueueView(bytes: try await server.post("/queues/new/pause").body).isPaused)
            #expect(try await server.get("/queues/new").status == 200)
        }
    }

    @Test func countsTasks() async throws {
        try await TestServer.with { server in
            for body in [#"{"type":"t"}"#, #"{"type":"t","queue":"q"}"#, #"{"type":"t","delay_seconds":60}"#] {
                try await server.enqueue(body)
            }
            let delivery = try #require(try await server.claim(#"{"queues":["default"]}"#))
            let stats = try StatsView(bytes: try await server.get("/stats").body)
            #expect(stats.total[.queued] == 1 && stats.total[.scheduled] == 1 && stats.total[.running] == 1)
            #expect(stats.queues["q"]?[.queued] == 1 && stats.queues["default"]?[.running] == 1)
            _ = try await server.complete(delivery, #""outcome":"discarded","error":"useless""#)
            let after = try await server.get("/stats")
            #expect(after.text.hasPrefix(#"{"pending":1,"processing":0,"dead_letter":1,"scheduled":1,"retrying":0,"#))
        }
    }
}
#endif
