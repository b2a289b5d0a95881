import SojournCore
import SojournModel
import Testing

@Suite("Seams") struct SeamTests {
    @Test func aRequestIsBroughtWithinTheLimits() {
        let large = LeaseRequest(limit: .max, duration: .seconds(Int64.max), wait: .seconds(Int64.max))
        #expect(large.limit == Limits.claimBatch)
        #expect(large.duration == Limits.lease.upperBound)
        #expect(large.wait == Limits.claimWait)
        let small = LeaseRequest(limit: .min, duration: .seconds(-1), wait: .seconds(-1))
        #expect(small.limit == 0)
        #expect(small.duration == Limits.lease.lowerBound)
        #expect(small.wait == .zero)
    }

    @Test func anErrorSaysWhetherToTryAgain() {
        let retryable: Set<BackendError.Code> = [.unavailable, .timeout, .throttled, .full]
        for code in [BackendError.Code.unavailable, .timeout, .throttled, .full, .rejected, .corrupted, .closed] {
            #expect(BackendError(code, "x").isRetryable == retryable.contains(code), "\(code)")
        }
    }

    @Test func anErrorShowsItsCauseOnlyToProgrammers() {
        let error = BackendError(.unavailable, "The store is down.", cause: EnqueueError("secret"))
        #expect(error.description == "The store is down. (unavailable)")
        #expect(error.debugDescription == "The store is down. (unavailable): secret")
        #expect(BackendError(.full, "No room.").debugDescription == "No room. (full)")
    }

    @Test func policiesGoFromTheTaskToTheQueueToAll() {
        let policies = TaskPolicies(maxRetries: 3, maxRetriesByQueue: ["bulk": 1])
        var message = Sample.message()
        #expect(policies.maxRetries(of: message) == 3)
        message.queue = "bulk"
        #expect(policies.maxRetries(of: message) == 1)
        message.maxRetries = 7
        #expect(policies.maxRetries(of: message) == 7)
    }

    @Test func factsCountFromTheLastReplay() {
        var message = Sample.message()
        (message.attempt, message.attemptsBeforeReplay, message.crashes) = (9, 6, 2)
        message.deadline = .distantFuture
        let policies = TaskPolicies(retry: RetryPolicy(strategy: .linear))
        let facts = policies.facts(of: message)
        #expect(facts.attempt == 3)
        #expect(facts.crashes == 2)
        #expect(facts.deadline == .distantFuture)
        #expect(facts.retry == RetryPolicy(strategy: .linear))
        message.retry = RetryPolicy(strategy: .fixed)
        #expect(policies.facts(of: message).retry == RetryPolicy(strategy: .fixed))
    }

    @Test func aFingerprintTellsRequestsApart() {
        let message = Sample.message(payload: [1])
        let same = NewTask(message: Sample.message(payload: [1]), tags: ["other"])
        #expect(NewTask(message: message).fingerprint == same.fingerprint)
        var others = [message, message, message, message]
        others[0].payload = [2]
        others[1].queue = "other"
        others[2].priority = .low
        others[3].type = "other"
        let prints = Set(others.map { NewTask(message: $0).fingerprint } + [same.fingerprint])
        #expect(prints.count == 5)
        #expect(NewTask(message: message, fingerprint: 7).fingerprint == 7)
    }

    @Test func aFingerprintKnowsWhereAPartEnds() {
        func print(_ parts: String...) -> UInt64 {
            var print = Fingerprint()
            for part in parts { print.add(part.utf8) }
            return print.value
        }
        #expect(print("ab", "c") != print("a", "bc"))
        #expect(print("ab", "c") != print("abc"))
        #expect(print("", "a") != print("a", ""))
        #expect(print() == 0xCBF2_9CE4_8422_2325)
        #expect(print("a", "b") == print("a", "b"))
    }
}
