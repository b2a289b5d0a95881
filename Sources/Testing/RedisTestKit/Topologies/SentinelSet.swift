#if Redis
public import RESP
import SojournTestKit

/// A master, a replica that follows it, and sentinels that have seen both.
public struct SentinelSet: Sendable {
    /// The two servers; the first is the master at first.
    public let servers: ReplicaPair
    /// Who watches them.
    public let sentinels: [RedisProcess]
    /// A client of each sentinel.
    private let observers: [RedisClient]
    private let password: String?

    /// Starts all of them, and waits until each sentinel knows the others and the replica.
    ///
    /// - Parameters:
    ///   - count: How many sentinels; most of them must agree that the master is gone.
    ///   - password: What the sentinels want to hear.
    ///   - publishPeriod: How often a sentinel tells the others what it knows, in milliseconds. For four times as long
    ///     it leaves a master alone that was replaced, but turns a new one back that it has not heard of.
    ///   - settings: Lines for both servers.
    public init(
        _ settings: [String] = [], count: Int = 3, password: String? = nil, publishPeriod: Int = 500, on stage: Stage
    ) async throws {
        servers = try await ReplicaPair(settings, on: stage)
        self.password = password
        var sentinels: [RedisProcess] = []
        var observers: [RedisClient] = []
        for _ in 0..<count {
            let lines = [
                "sentinel monitor main 127.0.0.1 \(servers.master.port) \(count / 2 + 1)",
                "sentinel down-after-milliseconds main 500", "sentinel failover-timeout main 3000",
            ]
            let login = password.map { ["requirepass \($0)"] } ?? []
            let sentinel = try await stage.server(lines + login, isSentinel: true)
            var address = sentinel.address
            address.password = password
            let observer = try stage.client(address)
            _ = try? await observer.send(Self.hurry(publishPeriod))
            sentinels.append(sentinel)
            observers.append(observer)
        }
        (self.sentinels, self.observers) = (sentinels, observers)
        try await isSettled()
    }

    /// Looks more often than usual. Before Redis 7 a sentinel knows no such command, and the test takes longer.
    private static func hurry(_ publishPeriod: Int) -> Command {
        var hurry = Command("SENTINEL", key: nil, "DEBUG", "PUBLISH-PERIOD", "\(publishPeriod)")
        for name in ["INFO-PERIOD", "PING-PERIOD", "ASK-PERIOD"] {
            hurry.append(name)
            hurry.append(100)
        }
        return hurry
    }

    /// The address of whoever is the master; the first sentinel that it names is dead.
    public func address() throws -> RedisAddress {
        let dead = RedisEndpoint.host("127.0.0.1", port: try FreePort.next())
        var address = RedisAddress(.sentinel([dead] + sentinels.map(\.endpoint), master: "main"))
        address.sentinelPassword = password
        return address
    }

    /// The port of the server that the sentinels call the master.
    public func masterPort() async throws -> Int? {
        let question = Command("SENTINEL", key: nil, "GET-MASTER-ADDR-BY-NAME", "main")
        return try await observers[0].send(question).elements?.last?.integer
    }

    /// The server that is the master now, and the one that is not.
    public func roles() async throws -> (master: RedisProcess, replica: RedisProcess) {
        let isFirst = try await masterPort() == servers.master.port
        return isFirst ? (servers.master, servers.replica) : (servers.replica, servers.master)
    }

    /// Makes the replica the master, and returns when the sentinels say so.
    public func failOver() async throws {
        let before = try await masterPort()
        try await eventually("a sentinel begins a failover", within: .seconds(20)) {
            (try? await observers[0].send(Command("SENTINEL", key: nil, "FAILOVER", "main"))) != nil
        }
        try await hasMoved(from: before)
    }

    /// Returns when the sentinels call another server than the one on `port` the master.
    public func hasMoved(from port: Int?) async throws {
        try await eventually("there is another master", within: .seconds(30)) { try await masterPort() != port }
    }

    /// Returns when every sentinel knows the others, and a replica that is in step: from then on one can take over.
    public func isSettled() async throws {
        for observer in observers {
            try await eventually("the sentinel knows the others, and the replica is in step", within: .seconds(40)) {
                let main = try await observer.send(Command("SENTINEL", key: nil, "MASTER", "main"))
                let replicas = try await observer.send(Command("SENTINEL", key: nil, "REPLICAS", "main"))
                let replica = replicas.elements?.first
                return main["num-other-sentinels"]?.integer == observers.count - 1
                    && main["flags"]?.text == "master"
                    && replica?["flags"]?.text == "slave"
                    && replica?["master-link-status"]?.text == "ok"
                    && replica?["master-port"]?.integer == main["port"]?.integer
            }
        }
    }
}
#endif
