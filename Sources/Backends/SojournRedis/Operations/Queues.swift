#if Redis
import NIOCore
import RESP
import SojournCore
import SojournModel

extension RedisQueue {
    /// Entries for all of `queues`, which get numbers where they have none.
    func register(_ queues: Set<QueueName>) async throws(BackendError) {
        let unknown = queues.filter { directory[$0] == nil }
        if unknown.isEmpty { return }
        var call = Scripts.register.call(keys: [SharedKeys.queues])
        for queue in unknown { call.append(queue.rawValue) }
        let numbers = try await server.send(call).elements ?? []
        guard numbers.count == unknown.count else { throw .unreadable("the numbers of queues") }
        for (queue, number) in zip(unknown, numbers) {
            guard let number = number.integer.flatMap({ UInt32(exactly: $0) }), Directory.numbers.contains(number)
            else {
                throw BackendError(.full, "Redis has no number left for queue \(queue.rawValue).")
            }
            directory.add(queue, number: number)
        }
    }

    /// Reads all queues anew.
    func reloadQueues() async throws(BackendError) {
        let rows = try await server.send(Command("HGETALL", key: SharedKeys.queues)).elements ?? []
        var numbers: [QueueName: UInt32] = [:]
        for index in stride(from: 0, to: rows.count - 1, by: 2) {
            guard let name = rows[index].text, let number = rows[index + 1].integer.flatMap({ UInt32(exactly: $0) })
            else { throw .unreadable("the queues") }
            numbers[QueueName(trusted: name)] = number
        }
        directory.replace(numbers)
    }

    /// All queues there are.
    func allQueues() async throws(BackendError) -> [Directory.Entry] {
        let count = try await server.send(Command("HLEN", key: SharedKeys.queues)).integer
        if count != directory.count { try await reloadQueues() }
        return directory.all
    }

    /// The queue that a lease is about; nil where there is none.
    func queue(of token: LeaseToken) async throws(BackendError) -> Directory.Entry? {
        let number = Tokens.queue(of: token)
        if let entry = directory[number] { return entry }
        _ = try await allQueues()
        return directory[number]
    }
}
#endif
