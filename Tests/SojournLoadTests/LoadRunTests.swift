import SojournLoad
import SojournModel
import Testing

@Suite("Run of a load") struct LoadRunTests {
    @Test func theReportSaysWhatBecameOfTheTasks() async throws {
        let plant = Plant()
        let mix = TaskMix([
            .init(.noop, percent: 70), .init(.flaky(failures: 1), percent: 20), .init(.fail(retries: 0), percent: 10),
        ])
        let plan = LoadPlan(tasks: 200, callers: 4, batch: 7, mix: mix, tag: "run")
        let report = try await plant.withWorker {
            try await LoadRun(plan, on: plant, limit: .seconds(30)).run { _ in }
        }
        #expect(report.tasks == 200)
        #expect(report.succeeded == 180)
        #expect(report.failed == 20)
        #expect(report.dead == 20)
        #expect(report.retries == 40)
        #expect(report.reaped == 0)
        #expect(report.missing == 0)
        #expect(report.rejected == 0)
        #expect(report.wait.count == 200)
        #expect(report.run.count == 240)
        #expect(report.acceptance.count == 200)
        #expect(report.attainment == 1)
        #expect(report.drain.tasks == 200)
        #expect(report.seconds > 0 && report.seconds == report.drain.seconds)
    }

    @Test func whatFailsTriesAgainWhenThePlanSays() async throws {
        let plant = Plant()
        let flaky = TaskMix([.init(.flaky(failures: 1), percent: 100)])
        let plan = LoadPlan(
            tasks: 20, mix: flaky, retry: RetryPolicy(base: .milliseconds(900), jitter: .none), tag: "later")
        let report = try await plant.withWorker { try await LoadRun(plan, on: plant).run { _ in } }
        #expect(report.retries == 20)
        #expect(report.seconds >= 0.9)
    }

    @Test func othersTasksAreNotCounted() async throws {
        let plant = Plant()
        let report = try await plant.withWorker {
            _ = try await LoadRun(LoadPlan(tasks: 30, tag: "other"), on: plant).run { _ in }
            return try await LoadRun(LoadPlan(tasks: 20, tag: "mine"), on: plant).run { _ in }
        }
        #expect(report.tasks == 20 && report.succeeded == 20)
    }

    @Test func aTaskThatCouldNotBeSentInTimeWaitedFromWhenItWasDue() async throws {
        let plant = Plant(pause: .milliseconds(400), atCall: 10)
        let arrivals = Arrivals(rate: 200, process: .constant)
        let plan = LoadPlan(tasks: 60, callers: 1, arrivals: arrivals, tag: "open")
        let report = try await plant.withWorker { try await LoadRun(plan, on: plant).run { _ in } }
        // One caller is held up for 0.4 s; 50 tasks that were due every 5 ms wait for it, and half of them at least
        // 0.1 s long.
        let late = try #require(report.wait.percentile(50))
        #expect(late > .milliseconds(100), "\(late)")
        #expect(try #require(report.acceptance.max) >= .milliseconds(400))
    }

    @Test func aClosedLoopSendsWhenItCan() async throws {
        let plant = Plant(pause: .milliseconds(300), atCall: 3)
        let plan = LoadPlan(tasks: 40, callers: 1, tag: "closed")
        let report = try await plant.withWorker { try await LoadRun(plan, on: plant).run { _ in } }
        #expect(try #require(report.wait.percentile(50)) < .milliseconds(300))
    }

    @Test func refusedTasksAreCountedAndAllElseEndsTheRun() async throws {
        let plant = Plant(refusing: 5)
        let plan = LoadPlan(tasks: 20, callers: 1, tag: "refused")
        let report = try await plant.withWorker {
            try await LoadRun(plan, on: plant, isRefusal: { $0 is Plant.Refusal }).run { _ in }
        }
        #expect(report.rejected == 5)
        #expect(report.tasks == 15 && report.succeeded == 15)
        let other = Plant(refusing: 1)
        await #expect(throws: Plant.Refusal.self) { _ = try await LoadRun(plan, on: other).run { _ in } }
    }

    @Test func tasksWithoutARecordAreMissing() async throws {
        let plant = Plant(hiding: 3)
        let report = try await plant.withWorker {
            try await LoadRun(LoadPlan(tasks: 12, tag: "gone"), on: plant, limit: .seconds(60)).run { _ in }
        }
        #expect(report.missing == 3)
        #expect(report.attainment == 0.75, "nobody knows that they started")
    }

    @Test func sleepersAreLeftOutOfTheDrain() async throws {
        let plant = Plant()
        let mix = TaskMix([.init(.noop, percent: 90), .init(.sleep(milliseconds: 600), percent: 10)])
        let report = try await plant.withWorker {
            try await LoadRun(LoadPlan(tasks: 20, batch: 20, mix: mix, tag: "sleep"), on: plant).run { _ in }
        }
        #expect(report.drain.tasks == 18)
        #expect(report.drain.seconds < 0.6 && report.seconds >= 0.6)
    }
}
