#if Redis
public import RESP
public import SojournCore
public import SojournModel
import Synchronization

/// Store and backend on Redis alone: attempts, errors, results, dead letters and idempotency keys are kept there.
///
/// Each operation on a queue is one script, and so all or nothing; a call that is about several queues is as many
/// scripts. Redis keeps what its own settings promise (`appendonly`, `appendfsync`), and no eviction policy but
/// `noeviction` keeps promises at all.
public final class RedisQueue: Sendable {
    let server: Server
    let time: any TimeSource
    let directory = Directory()
    let wakes: WakeChannel
    let dispatch = Mutex(Dispatch())
    let claims = ClaimBook()
    let inserts = Coalescer<Insertion, InsertResult?>(batchMax: Scripts.batch, lanes: 2)

    /// A queue on the servers of `client`, which stays the caller's to shut down. Connects with the first call.
    public init(_ client: RedisClient, time: any TimeSource = SystemTime()) {
        self.server = Server(client: client)
        self.time = time
        self.wakes = WakeChannel(time: time, client: client)
    }

    /// Ends the leases of workers that end with this process, so that nobody has to wait for them to run out, and wakes
    /// the claims that wait. After a crash they end by themselves, as those of other workers do.
    public func close() async throws(BackendError) {
        wakes.list.wakeAll()
        _ = try await extend(try await leases(with: claims.locals), to: time.now())
    }
}

extension RedisQueue: QueueBackend {
    /// What Redis can do.
    public var capabilities: BackendCapabilities { BackendCapabilities(name: "redis", sharesStoreTransaction: true) }

    /// Nothing: `insert` and `replay` have made the tasks available and woken those who wait.
    public func publish(_ messages: [TaskMessage]) async throws(BackendError) {}

    /// Hands out tasks; waits for one if there is none. Where all it finds are past their deadline it says so at once.
    public func lease(_ request: LeaseRequest) async throws(BackendError) -> LeaseGrant {
        try await wakes.list.claim(request) { () throws(BackendError) in try await claim(request) }
    }

    /// Changes nothing: `finish` has ended the leases. Says which of them it has not.
    public func settle(_ settlements: [Settlement]) async throws(BackendError) -> [SettlementStatus] {
        settlements.map { _ in .settled }
    }

    /// Stops or resumes handing out the tasks of a queue; kept by Redis.
    public func setPaused(_ queue: QueueName, _ isPaused: Bool) async throws(BackendError) {
        let keys = QueueKeys(queue)
        // One after the other, because a cluster has them on different nodes, and in this order: a queue that hands out
        // nothing is always listed.
        if isPaused {
            _ = try await server.send(Command("SADD", key: SharedKeys.paused, queue.rawValue))
            _ = try await server.send(Command("SET", key: keys.paused, "1"))
            return
        }
        _ = try await server.send(Command("DEL", key: keys.paused))
        _ = try await server.send(Command("SREM", key: SharedKeys.paused, queue.rawValue))
        wakes.list.wake(queue, count: .max)
        _ = try await server.send(wakes.announcements(resumed: queue))
    }

    /// The queues that are paused.
    public func pausedQueues() async throws(BackendError) -> Set<QueueName> {
        let names = try await server.send(Command("SMEMBERS", key: SharedKeys.paused)).elements ?? []
        return Set(names.compactMap { $0.text.map { QueueName(trusted: $0) } })
    }

    /// What time it is by the server's clock, for ``SojournCore/StoreTime``. Of a cluster it is one node's, the
    /// same for all until that one fails.
    public func clock() async throws(BackendError) -> Timestamp {
        let parts = try await server.send(Scripts.clock.call(keys: [SharedKeys.queues])).elements ?? []
        guard parts.count == 2, let seconds = parts[0].text.flatMap({ Int64($0) }),
            let micros = parts[1].text.flatMap({ Int64($0) })
        else { throw .unreadable("its time") }
        return Timestamp(microseconds: 0).advanced(by: .seconds(seconds)).advanced(by: .microseconds(micros))
    }

    /// Listens to what other processes make available, until cancelled.
    public func run() async throws { await wakes.listen(on: server.client) }
}
#endif
