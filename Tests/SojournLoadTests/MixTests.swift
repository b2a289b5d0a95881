import SojournModel
import Testing

@testable import SojournLoad

@Suite("Mix of a load") struct MixTests {
    private func tasks(_ mix: TaskMix, _ count: Int, seed: UInt64 = 1) -> [LoadTask] {
        LoadTask.all(of: LoadPlan(tasks: count, mix: mix, tag: "t", seed: seed))
    }

    @Test func theSharesOfTheBurstAreExact() {
        let tasks = tasks(LoadPreset.burst.mix, 10_000)
        #expect(tasks.count { $0.type == "flaky" } == 180)
        #expect(tasks.count { $0.type == "always_fail" } == 200)
        #expect(tasks.count(where: \.isSleeper) == 12)
        #expect(tasks.count { $0.type == "sleeper" && !$0.isSleeper } == 9_608)
        #expect(tasks.filter { $0.type == "always_fail" }.allSatisfy { $0.retries == 0 })
    }

    @Test func runTimesOfTheBurstHaveTheir95thPercentile() throws {
        let times = tasks(LoadPreset.burst.mix, 10_000).filter { $0.type == "sleeper" && !$0.isSleeper }.compactMap {
            Double(String(decoding: $0.payload, as: UTF8.self).dropFirst(6).dropLast())
        }
        #expect(times.count == 9_608)
        let p95 = times.sorted()[Int(Double(times.count) * 0.95)]
        #expect(abs(p95 - 25) < 1.5, "\(p95)")
    }

    @Test func whatIsLeftGoesToTheFirst() {
        let mix = TaskMix([.init(.noop, percent: 0), .init(.fail(retries: nil), percent: 25)])
        let tasks = tasks(mix, 8)
        #expect(tasks.count { $0.type == "noop" } == 6)
        #expect(tasks.count { $0.type == "always_fail" && $0.retries == nil } == 2)
    }

    @Test func aFewTasksAreNoMoreThanThere() {
        let mix = TaskMix([
            .init(.noop, percent: 0), .init(.flaky(failures: 1), percent: 60), .init(.fail(retries: nil), percent: 60),
        ])
        #expect(tasks(mix, 5).count == 5)
        #expect(tasks(mix, 1).map(\.type) == ["flaky"])
    }

    @Test func aSeedDecidesTheOrder() {
        let mix = LoadPreset.burst.mix
        #expect(tasks(mix, 500, seed: 3) == tasks(mix, 500, seed: 3))
        #expect(tasks(mix, 500, seed: 3) != tasks(mix, 500, seed: 4))
    }

    @Test func theLimitOfSoManySlots() {
        let sleepers = TaskMix([.init(.sleep(milliseconds: 500), percent: 100)])
        #expect(LoadPlan(tasks: 10, mix: sleepers, tag: "t").drainLimit(slots: 3) == 0)
        let burst = LoadPlan(tasks: 10_000, mix: LoadPreset.burst.mix, tag: "t")
        // 9,608 tasks of 8.3 ms are 80 s of work; 12 of 36 slots are taken one by one meanwhile.
        #expect((2.2...3.4).contains(burst.drainLimit(slots: 36)))
        #expect(abs(burst.drainLimit(slots: 10_000) - 0.1) < 0.1, "the longest task")
        #expect(burst.drainLimit(slots: 13) > 60, "one slot does all once the sleepers have the others")
    }

    @Test func payloadsHaveTheirSize() {
        for size in [2, 3, 100] {
            let mix = TaskMix(payloadBytes: size)
            #expect(tasks(mix, 3).allSatisfy { $0.payload.count == size })
        }
    }
}
