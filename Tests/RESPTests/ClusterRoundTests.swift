#if Redis
import NIOCore
import Testing

@testable import RESP

@Suite("Cluster, without one") struct ClusterRoundTests {
    static let a = RedisEndpoint.host("a", port: 1)
    static let b = RedisEndpoint.host("b", port: 2)

    /// Slots below 8192 are on a, the others on b. The slot of `foo` is 12182, that of `bar` 5061.
    static var map: SlotMap {
        let answer = RESPValue.array([
            .array([.integer(0), .integer(8191), .array([.simple("a"), .integer(1), .simple("id")])]),
            .array([.integer(8192), .integer(16_383), .array([.simple("b"), .integer(2)]), .array([])]),
        ])
        return SlotMap(answer, from: a) ?? SlotMap()
    }

    private func get(_ key: String) -> Command { Command("GET", key: key) }
    private func failure(_ message: String) -> Reply { .failure(RESPError(serverMessage: message)) }

    @Test func whatHasNoKeyGoesToAnotherNodeIfOneIsGone() {
        var round = ClusterRound([Command("PING"), get("bar")], until: at(5))
        for endpoint in [Self.a, Self.b, Self.a] {
            let errands = round.errands(Self.map, seeds: [])
            #expect(errands.contains { $0.endpoint == endpoint && $0.places.contains(0) })
            // Only one node has the key.
            #expect(errands.contains { $0.endpoint == Self.a && $0.places.contains(1) })
            for errand in errands {
                let gone = Reply.failure(RESPError(.connectionRefused, "gone"))
                round.take(errand.places.map { _ in gone }, for: errand)
            }
            #expect(round.finish(now: at(0), chance: 1) != nil)
        }
    }

    @Test func pipelinesAreSplitByNodeAndPutBackInOrder() {
        var round = ClusterRound([get("foo"), get("bar"), Command("PING"), get("foo")], until: at(5))
        let errands = round.errands(Self.map, seeds: [])
        #expect(errands.map(\.endpoint) == [Self.b, Self.a])
        #expect(errands.map(\.places) == [[0, 3], [1, 2]])
        round.take([.success(.integer(0)), .success(.integer(3))], for: errands[0])
        round.take([.success(.integer(1)), .success(.integer(2))], for: errands[1])
        #expect(round.finish(now: at(0), chance: 1) == nil)
        #expect(round.isOver)
        #expect(round.replies == (0...3).map { .success(.integer($0)) })
    }

    @Test func aMovedSlotIsFollowedAtOnce() {
        var round = ClusterRound([get("foo"), get("foo")], until: at(5))
        var errands = round.errands(Self.map, seeds: [])
        round.take([failure("MOVED 12182 a:1"), .success(.null)], for: errands[0])
        #expect(round.moves.map(\.endpoint) == [Self.a])
        #expect(round.finish(now: at(0), chance: 1) == nil)
        errands = round.errands(Self.map, seeds: [])
        #expect(errands.map(\.endpoint) == [Self.a])
        #expect(errands.map(\.places) == [[0]])
    }

    @Test func aMigratingKeyIsAskedFor() {
        var round = ClusterRound([get("foo"), get("foo")], until: at(5))
        var errands = round.errands(Self.map, seeds: [])
        round.take([failure("ASK 12182 :9"), failure("ASK 12182 :9")], for: errands[0])
        #expect(round.moves.isEmpty)
        #expect(round.finish(now: at(0), chance: 1) == nil)
        errands = round.errands(Self.map, seeds: [])
        #expect(errands.map(\.endpoint) == [.host("b", port: 9)])
        #expect(errands[0].commands.map(\.description) == ["ASKING", "GET with 1 words", "ASKING", "GET with 1 words"])
        #expect(errands[0].places == [nil, 0, nil, 1])
        let ok = Reply.success(.simple("OK"))
        round.take([ok, .success(.integer(1)), ok, .success(.integer(2))], for: errands[0])
        _ = round.finish(now: at(0), chance: 1)
        #expect(round.replies == [.success(.integer(1)), .success(.integer(2))])
    }

    @Test(arguments: [
        "TRYAGAIN later", "CLUSTERDOWN Hash slot not served", "LOADING yet", "READONLY no",
    ])
    func whatPassesIsTriedAgainWithPausesUntilTheDeadline(message: String) {
        var round = ClusterRound([get("foo")], until: at(5))
        var pauses: [TimeAmount?] = []
        for moment in [0, 1, 4.999, 5] {
            let errands = round.errands(Self.map, seeds: [])
            #expect(errands.count == 1)
            round.take([failure(message)], for: errands[0])
            pauses.append(round.finish(now: at(moment), chance: 1))
        }
        #expect(pauses == [.milliseconds(10), .milliseconds(20), .milliseconds(1), nil])
        #expect(round.isOver)
        #expect(round.replies == [failure(message)])
    }

    @Test func whatMayHaveRunIsNotSentAgain() {
        var round = ClusterRound([get("foo"), get("bar"), get("bar")], until: at(5))
        let errands = round.errands(Self.map, seeds: [])
        let lost = RESPError(.connectionLost, "gone", mayHaveExecuted: true)
        let refused = RESPError(.connectionRefused, "no")
        round.take([.failure(lost)], for: errands[0])
        round.take([.failure(refused), failure("WRONGTYPE no")], for: errands[1])
        #expect(round.finish(now: at(0), chance: 1) != nil)
        #expect(round.errands(Self.map, seeds: []).map(\.places) == [[1]])
    }

    @Test func circlesEnd() {
        var round = ClusterRound([get("foo")], until: at(5))
        var rounds = 0
        while !round.isOver, rounds < 100 {
            round.take([failure("MOVED 12182 b:2")], for: round.errands(Self.map, seeds: [])[0])
            _ = round.finish(now: at(0), chance: 1)
            rounds += 1
        }
        #expect(rounds == 17)
    }

    @Test func withoutAMapTheSeedsAreAsked() {
        var round = ClusterRound([get("foo")], until: at(5))
        #expect(round.errands(SlotMap(), seeds: [Self.b, Self.a]).map(\.endpoint) == [Self.b])
    }

    @Test func nodesWithoutAnAddressAreTheOneThatWasAsked() {
        func map(_ host: RESPValue) -> SlotMap? {
            SlotMap(.array([.array([.integer(0), .integer(1), .array([host, .integer(7)])])]), from: Self.a)
        }
        for host: RESPValue in [.null, .simple(""), .simple("?")] {
            #expect(map(host)?.endpoints == [.host("a", port: 7)])
        }
        #expect(map(.simple("c"))?.endpoints == [.host("c", port: 7)])
    }

    @Test(arguments: [
        RESPValue.null, .array([]), .array([.integer(1)]), .array([.array([.integer(1)])]),
        .array([.array([.integer(5), .integer(1), .array([.simple("a"), .integer(1)])])]),
        .array([.array([.integer(0), .integer(16_384), .array([.simple("a"), .integer(1)])])]),
        .array([.array([.integer(-1), .integer(1), .array([.simple("a"), .integer(1)])])]),
        .array([.array([.integer(0), .integer(1), .array([.simple("a"), .integer(99_999)])])]),
    ])
    func badMapsAreNone(answer: RESPValue) {
        #expect(SlotMap(answer, from: Self.a) == nil)
    }
}
#endif
