import Queueing
import SojournTestKit
import Testing

@Suite("What c servers promise") struct HardPromiseTests {
    @Test(
        arguments: [
            (10, 1, 1.5, 10), (10, 1, 1, 10), (10, 1, 0.999, 0), (3, 0.1, 0.3, 9), (1, 0.1, 0.7, 7), (2, 0.7, 2.1, 6),
            (4, 2, 7, 12), (5, 1, 0, 0), (1, 1e-3, 30, 30_000), (7, 0.3, 0.9, 21), (1, 1, 0x1p53, Int.max),
        ] as [(Int, Double, Double, Int)])
    func capacity(servers: Int, service: Double, wait: Double, expected: Int) throws {
        #expect(try HardPromise(servers: servers, longestService: service).capacity(within: wait) == expected)
    }

    /// c·⌊W/S⌋ tasks are in time; the tempting ⌊c·W/S⌋ are not.
    @Test func temptingCapacityBreaks() throws {
        let promise = try HardPromise(servers: 10, longestService: 1)
        let wait = 1.5
        func worst(_ capacity: Int) -> Double {
            var line = Line(servers: 10)
            return (0..<(10 + capacity)).map { _ in line.start(arrival: 0, service: 1) }.max() ?? 0
        }
        #expect(worst(try promise.capacity(within: wait)) <= wait)
        #expect(worst(15) == 2 && 2 > wait)
        // Tight: with one position more somebody may be late.
        let full = try promise.capacity(within: 3)
        #expect(worst(full) == 3 && worst(full + 1) == 4)
        #expect(try promise.worstWait(ahead: full - 1) == 3)
        #expect(try promise.worstWait(ahead: full) == 4)
    }

    @Test func noBurstBreaksIt() throws {
        var worst = 0.0
        for seed in 0..<4000 {
            var generator = SplitMix64(seed: seed)
            let longest = [0.3, 0.7, 1, 2][Int.random(in: 0..<4, using: &generator)]
            let servers = Int.random(in: 1...8, using: &generator)
            let wait = generator.uniform(longest, 6 * longest)
            let promise = try HardPromise(servers: servers, longestService: longest)
            let run = BurstRun(
                servers: servers, longest: longest, capacity: try promise.capacity(within: wait), crashes: 0)
            let waits = run.waits(&generator)
            #expect(waits.count > 50)
            worst = max(worst, (waits.max() ?? 0) / wait)
        }
        #expect(worst <= 1 + 1e-12)
        // The runs do press against the limit, or they would prove nothing.
        #expect(worst > 0.99)
    }

    @Test func crashesAreCovered() throws {
        var worst = 0.0
        for seed in 0..<2000 {
            var generator = SplitMix64(seed: seed)
            let longest = generator.uniform(0.2, 2)
            let servers = Int.random(in: 2...8, using: &generator)
            let crashes = Int.random(in: 1..<servers, using: &generator)
            let wait = generator.uniform(2 * longest, 8 * longest)
            let promise = try HardPromise(servers: servers, longestService: longest)
            let capacity = try promise.capacity(within: wait, crashes: crashes)
            if capacity > 0 {
                let bound = try promise.worstWait(ahead: capacity - 1, crashes: crashes)
                #expect(bound <= wait * (1 + 1e-12))
            }
            let run = BurstRun(servers: servers, longest: longest, capacity: capacity, crashes: crashes)
            worst = max(worst, (run.waits(&generator).max() ?? 0) / wait)
        }
        #expect(worst <= 1 + 1e-12)
        #expect(worst > 0.8)
    }

    /// f servers die at the worst moment with the longest services begun again: the bound is reached exactly.
    @Test func crashBoundIsTight() throws {
        // Three servers, one crash just before all services end; two positions: (3−1)·2 − 1 = 3.
        let promise = try HardPromise(servers: 3, longestService: 1)
        #expect(try promise.capacity(within: 2, crashes: 1) == 3)
        #expect(try promise.worstWait(ahead: 2, crashes: 1) == 2)
        #expect(try promise.worstWait(ahead: 0, crashes: 3) == .infinity)
        #expect(try promise.capacity(within: 100, crashes: 3) == 0)
    }

    @Test(
        arguments: [
            ([], 1), ([1], 1), ([1, 1, 1], 3), ([2, 2, 2, 2], 2), ([3, 1], 2), ([0.3, 0.3, 0.3], 3), ([0.9], nil),
            ([1, 9, 9, 9, 9, 9, 9, 9, 9, 9], 2), ([9, 9, 9, 9, 9, 9, 9, 9, 9], 1), ([-1], nil), ([1e300, 1e300], 1),
        ] as [([Double], Int?)])
    func fewestServers(slacks: [Double], expected: Int?) throws {
        let longest = slacks.first == 0.3 ? 0.3 : 1
        #expect(try HardPromise.fewestServers(keeping: slacks, longestService: longest) == expected)
    }

    /// With the fewest servers all are in time; with one less somebody is late if all services are long.
    @Test func fewestServersAreEnoughAndNeeded() throws {
        var generator = SplitMix64(seed: 9)
        for _ in 0..<500 {
            let slacks = (0..<Int.random(in: 1...40, using: &generator)).map { _ in generator.uniform(1, 12) }
            let servers = try #require(try HardPromise.fewestServers(keeping: slacks, longestService: 1))
            func isLate(with servers: Int) -> Bool {
                // All servers have just begun the longest service.
                var line = Line(servers: servers)
                for _ in 0..<servers { _ = line.start(arrival: 0, service: 1) }
                return slacks.contains { line.start(arrival: 0, service: 1) > $0 }
            }
            #expect(!isLate(with: servers))
            if servers > 1 { #expect(isLate(with: servers - 1)) }
        }
    }

    @Test func knownSizes() throws {
        let promise = try HardPromise(servers: 4, longestService: 10)
        #expect(try promise.worstWait(residual: 6, workAhead: 14) == 5)
    }
}
