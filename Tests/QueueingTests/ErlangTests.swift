import Queueing
import SojournTestKit
import Testing

@Suite("Erlang B and C") struct ErlangTests {
    /// Against the textbook recursion B(c) = a·B(c−1)/(c + a·B(c−1)), which is slow but stable.
    @Test(arguments: [0.001, 0.5, 1, 7.3, 60, 99.999, 100, 250, 4000] as [Double])
    func agreesWithTheRecursion(load: Double) throws {
        var blocking = 1.0
        for servers in 1...3000 {
            blocking = load * blocking / (Double(servers) + load * blocking)
            guard blocking > 1e-290 else { break }
            let answer = try Erlang.blocking(servers: servers, load: load)
            #expect(isClose(answer, blocking, 1e-12), "c=\(servers) a=\(load)")
        }
    }

    /// Far beyond what a factorial can hold.
    @Test func extremes() throws {
        #expect(try Erlang.blocking(servers: 100_000, load: 1e-9) == 0)
        #expect(try Erlang.blocking(servers: 100_000, load: 0) == 0)
        #expect(try Erlang.blocking(servers: 0, load: 3) == 1)
        #expect(try Erlang.blocking(servers: 100_000, load: 1e300) == 1)
        #expect(isClose(try Erlang.blocking(servers: 100_000, load: 1e8), 1 - 1e-3 + 1e-3 * 1e-8, 1e-9))
        #expect(isClose(try Erlang.blocking(servers: 1, load: 1e-300), 1e-300, 1e-15))
        // √(2/(πc)) is the limit of B(c,c).
        #expect(isClose(try Erlang.blocking(servers: 1_000_000, load: 1e6), (2 / (1e6 * .pi)).squareRoot(), 1e-3))
        #expect(try Erlang.waiting(servers: 100_000, load: 1e-3) == 0)
        #expect(try Erlang.waiting(servers: 5, load: 5) == 1)
        #expect(try Erlang.waiting(servers: 5, load: 1e300) == 1)
        #expect(isClose(try Erlang.waiting(servers: 100_000, load: 100_000 * (1 - 1e-9)), 1, 1e-5))
    }

    /// Large systems, with 50 digits (mpmath).
    @Test(
        arguments: [
            (500, 300, 3.8354317795139477e-26), (20_000, 19_000, 3.2961801091693467e-13),
            (100_000, 99_000, 0.0008219082374107954), (100_000, 99_990.5, 0.96289042507909208),
        ] as [(Int, Double, Double)])
    func largeSystems(servers: Int, load: Double, expected: Double) throws {
        #expect(isClose(try Erlang.waiting(servers: servers, load: load), expected, 1e-12))
    }

    @Test func waitingRisesWithLoadAndFallsWithServers() throws {
        var generator = SplitMix64(seed: 1)
        for _ in 0..<3000 {
            let servers = Int.random(in: 1...400, using: &generator)
            let load = Double(servers) * generator.uniform(0.3, 0.999)
            let here = try Erlang.waiting(servers: servers, load: load)
            #expect((0...1).contains(here))
            #expect(try Erlang.waiting(servers: servers + 1, load: load) < here)
            #expect(try Erlang.waiting(servers: servers, load: load * 1.0001) > here)
            #expect(try Erlang.blocking(servers: servers, load: load) < here)
        }
    }

    @Test(arguments: [1e-12, 0.001, 0.01, 0.2, 0.9, 0.9999])
    func inverseInLoad(blocking: Double) throws {
        for servers in [1, 2, 3, 10, 77, 1000, 20_000] {
            let load = try Erlang.load(servers: servers, blocking: blocking)
            #expect(isClose(try Erlang.blocking(servers: servers, load: load), blocking, 1e-10), "c=\(servers)")
        }
    }

    @Test func inverseInServers() throws {
        var generator = SplitMix64(seed: 2)
        for _ in 0..<1000 {
            let load = generator.uniform(0, 300)
            let blocking = generator.uniform(0.0001, 0.9)
            let servers = try Erlang.servers(load: load, blocking: blocking)
            #expect(try Erlang.blocking(servers: servers, load: load) <= blocking)
            if servers > 0 { #expect(try Erlang.blocking(servers: servers - 1, load: load) > blocking) }
        }
    }
}
