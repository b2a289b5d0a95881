#if Redis
import NIOCore
import RESP
import SojournCore
import SojournModel

extension RedisQueue {
    /// Entries for all of `queues`, which get numbers where they have none. The directory may forget them again at any
    /// moment, because the server was wiped.
    func register(_ queues: Set<QueueName>) async throws(BackendError) -> [QueueName: Directory.Entry] {
        var entries: [QueueName: Directory.Entry] = [:]
        for queue in queues { entries[queue] = directory[queue] }
        let unknown = queues.filter { entries[$0] == nil }
        if unknown.isEmpty { return entries }
        return entries.merging(try await registerAgain(unknown)) { $1 }
    }

    /// The same where it is not known whether the server still knows them.
    func registerAgain(_ queues: Set<QueueName>) async throws(BackendError) -> [QueueName: Directory.Entry] {
        var random = SystemRandomNumberGenerator()
        var call = Scripts.register.call(keys: [SharedKeys.queues])
        call.append(LeaseToken(random: &random).description)
        for queue in queues { call.append(queue.rawValue) }
        var entries: [QueueName: Directory.Entry] = [:]
        for (queue, number) in zip(queues, try await numbers(call, queues.count)) {
            entries[queue] = directory.add(queue, number: number)
        }
        return entries
    }

    /// The entry with numbers for all of `lines`, which get some where they have none.
    func enroll(_ lines: Set<Line>, in entry: Directory.Entry) async throws(BackendError) -> Directory.Entry {
        var entry = entry
        let unknown = lines.filter { entry.numbers[$0] == nil }
        if unknown.isEmpty { return entry }
        var call = Scripts.enroll.call(keys: [entry.keys.lines])
        call.append(Int(entry.number))
        for line in unknown { call.append(line.text) }
        for (line, number) in zip(unknown, try await numbers(call, unknown.count)) {
            directory.add(line, number: number, of: entry.keys.queue)
            entry.numbers[line] = number
            entry.lines[number] = line
        }
        return entry
    }

    private func numbers(_ call: Command, _ count: Int) async throws(BackendError) -> [UInt32] {
        let values = try await server.send(call).elements ?? []
        var numbers: [UInt32] = []
        for value in values { numbers.append(try Self.number(value.text ?? "")) }
        guard numbers.count == count else { throw .unreadable("numbers") }
        return numbers
    }

    /// Reads all queues anew.
    func reloadQueues() async throws(BackendError) {
        var numbers: [QueueName: UInt32] = [:]
        var version: String?
        for (name, value) in try await fields(of: SharedKeys.queues) {
            if name == SharedKeys.version {
                version = value
            } else {
                numbers[QueueName(trusted: name)] = try Self.number(value)
            }
        }
        directory.replace(numbers, version: version)
    }

    /// Reads all lines of a queue anew.
    func reloadLines(of entry: Directory.Entry) async throws(BackendError) {
        var numbers: [Line: UInt32] = [:]
        for (text, number) in try await fields(of: entry.keys.lines) where !text.isEmpty {
            guard let line = Line(text: text) else { throw .unreadable("the lines of \(entry.keys.queue)") }
            numbers[line] = try Self.number(number)
        }
        directory.setLines(numbers, of: entry.keys.queue)
    }

    private func fields(of key: String) async throws(BackendError) -> [(name: String, value: String)] {
        let rows = try await server.send(Command("HGETALL", key: key)).elements ?? []
        var fields: [(name: String, value: String)] = []
        for index in stride(from: 0, to: rows.count - 1, by: 2) {
            guard let name = rows[index].text, let value = rows[index + 1].text else { throw .unreadable(key) }
            fields.append((name, value))
        }
        return fields
    }

    private static func number(_ text: String) throws(BackendError) -> UInt32 {
        guard let number = UInt32(text) else { throw .unreadable("numbers") }
        guard Directory.numbers.contains(number) else {
            throw BackendError(.full, "A queue, or a line of one, is too many: Redis has no number for it.")
        }
        return number
    }

    /// The queue, with the lines that have these numbers; read anew where one of them was not known.
    func entry(_ entry: Directory.Entry, knowing lines: some Sequence<UInt32>) async throws(BackendError)
        -> Directory.Entry
    {
        let known = directory[entry.keys.queue] ?? entry
        if lines.allSatisfy({ known.lines[$0] != nil }) { return known }
        try await reloadLines(of: entry)
        return directory[entry.keys.queue] ?? entry
    }

    /// All queues there are.
    func allQueues() async throws(BackendError) -> [Directory.Entry] {
        let version = try await server.send(Command("HGET", key: SharedKeys.queues, SharedKeys.version)).text
        if version == nil || version != directory.version { try await reloadQueues() }
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
