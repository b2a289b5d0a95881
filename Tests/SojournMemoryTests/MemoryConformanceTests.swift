import SojournConformance
import SojournCore
import SojournMemory
import Testing

@Suite("MemoryQueue conforms") struct MemoryConformanceTests {
    @Test(arguments: ConformanceSuite.checks + ConformanceSuite.claimableChecks)
    func conforms(check: ConformanceCheck) async throws {
        let time = ManualTime()
        let queue = MemoryQueue(time: time)
        try await check.run(on: ConformanceSubject(store: queue, backend: queue, time: time))
    }

    @Test func everyCheckHasANameOfItsOwn() {
        let all = ConformanceSuite.checks + ConformanceSuite.durabilityChecks
        #expect(Set(all.map(\.name)).count == all.count)
        #expect(all.count >= 100)
    }
}
