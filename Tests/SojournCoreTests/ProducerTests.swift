import SojournCore
import SojournModel
import SojournTestKit
import Synchronization
import Testing

private struct Note: TaskPayload {
    static let type: TaskType = "note"
    var text: String
}

/// Keeps what it was given and answers as it was told.
private final class ScriptedSink: TaskSink {
    private let tasks = Mutex<[NewTask]>([])
    private let answer: @Sendable (NewTask) -> InsertResult

    init(answer: @escaping @Sendable (NewTask) -> InsertResult = { .inserted($0.message.id) }) { self.answer = answer }

    var all: [NewTask] { tasks.withLock { $0 } }

    func enqueue(_ tasks: [NewTask]) async throws(BackendError) -> [InsertResult] {
        self.tasks.withLock { $0 += tasks }
        return tasks.map(answer)
    }
}

@Suite("Producer") struct ProducerTests {
    private let time = ManualTime()
    private let sink = ScriptedSink()
    private var producer: Producer { Producer(sink, time: time) }
    private var now: Timestamp { time.now() }

    /// What the sink gets when a note is enqueued with one option.
    private func task(_ option: EnqueueOption) async throws -> NewTask {
        let sink = ScriptedSink()
        try await Producer(sink, time: time).enqueue(Note(text: "x"), option)
        return try #require(sink.all.first)
    }

    @Test func withoutOptionsEverythingHasItsDefault() async throws {
        let id = try await producer.enqueue(Note(text: "hi"))
        let task = try #require(sink.all.first)
        let message = TaskMessage(
            id: id, type: "note", payload: Array(#"{"text":"hi"}"#.utf8), enqueuedAt: now, availableAt: now)
        #expect(task == NewTask(message: message))
    }

    @Test func everyOptionHasItsEffect() async throws {
        #expect(try await task(.on("mail")).message.queue == "mail")
        #expect(try await task(.priority(.high)).message.priority == .high)
        #expect(try await task(.tenant("t")).message.tenant == "t")
        #expect(try await task(.after(.seconds(30))).message.availableAt == now.advanced(by: .seconds(30)))
        #expect(try await task(.at(now.advanced(by: .seconds(5)))).message.availableAt == now.advanced(by: .seconds(5)))
        #expect(try await task(.once("order-1")).idempotencyKey == "order-1")
        #expect(try await task(.maxRetries(7)).message.maxRetries == 7)
        #expect(try await task(.retry(RetryPolicy(strategy: .fixed))).message.retry == RetryPolicy(strategy: .fixed))
        #expect(try await task(.timeout(.seconds(9))).message.timeout == .seconds(9))
        #expect(try await task(.deadline(.seconds(9))).message.deadline == now.advanced(by: .seconds(9)))
        #expect(try await task(.tags(["a", "b"])).tags == ["a", "b"])
    }

    @Test func numbersOutOfRangeAreBroughtIntoIt() async throws {
        #expect(try await task(.after(.seconds(-5))).message.availableAt == now)
        #expect(try await task(.after(.seconds(Int64.max))).message.availableAt == now.advanced(by: Limits.horizon))
        #expect(try await task(.at(.distantPast)).message.availableAt == now)
        #expect(try await task(.maxRetries(-1)).message.maxRetries == 0)
        #expect(try await task(.maxRetries(.max)).message.maxRetries == Limits.maxRetries)
        #expect(try await task(.timeout(.zero)).message.timeout == .milliseconds(1))
        #expect(try await task(.timeout(.seconds(Int64.max))).message.timeout == Limits.horizon)
        #expect(try await task(.deadline(.seconds(Int64.max))).message.deadline == .distantFuture)
    }

    @Test func theLastOptionWins() async throws {
        try await producer.enqueue(Note(text: "x"), .on("a"), .after(.seconds(3)), .on("b"))
        #expect(sink.all.map(\.message.queue) == ["b"])
    }

    @Test(arguments: [
        "", " ", "a b", "ü", "a\0", "\n", String(repeating: "k", count: Limits.idempotencyKeyLength + 1),
    ])
    func aBadKeyIsRefused(key: String) async {
        await #expect(throws: EnqueueError.self) { try await producer.enqueue(Note(text: "x"), .once(key)) }
        #expect(sink.all.isEmpty)
    }

    @Test(arguments: ["~", "order-4711/!", String(repeating: "k", count: Limits.idempotencyKeyLength)])
    func aGoodKeyIsKept(key: String) async throws {
        #expect(try await task(.once(key)).idempotencyKey == key)
    }

    @Test func badTagsAreRefused() async {
        for tags in [["a b"], [""], Array(repeating: "t", count: Limits.tags + 1)] {
            await #expect(throws: EnqueueError.self) { try await producer.enqueue(Note(text: "x"), .tags(tags)) }
        }
        #expect(sink.all.isEmpty)
    }

    @Test func aPayloadHasItsLimit() async throws {
        let frame = #"{"text":""}"#.utf8.count
        try await producer.enqueue(Note(text: String(repeating: "x", count: Limits.payloadBytes - frame)))
        #expect(sink.all.first?.message.payload.count == Limits.payloadBytes)
        let long = Note(text: String(repeating: "x", count: Limits.payloadBytes - frame + 1))
        let error = await #expect(throws: EnqueueError.self) { try await producer.enqueue(long) }
        #expect(error?.description.contains("\(Limits.payloadBytes)") == true)
        #expect(sink.all.count == 1)
    }

    @Test func aRepetitionIsAnsweredWithTheFirstTask() async throws {
        let first = Sample.message().id
        let sink = ScriptedSink { _ in .duplicate(of: first) }
        #expect(try await Producer(sink, time: time).enqueue(Note(text: "x"), .once("k")) == first)
    }

    @Test func aForeignKeyIsAnError() async {
        let first = Sample.message().id
        let sink = ScriptedSink { _ in .conflict(with: first) }
        let error = await #expect(throws: EnqueueError.self) {
            try await Producer(sink, time: time).enqueue(Note(text: "x"), .once("k"))
        }
        #expect(error?.description.contains("\(first)") == true)
    }

    @Test func manyGoInOneCallOrNotAtAll() async throws {
        let notes = (0..<3).map { Note(text: "\($0)") }
        let answers = try await producer.enqueueAll(notes, .on("bulk"))
        #expect(answers == sink.all.map { .inserted($0.message.id) })
        #expect(Set(sink.all.map(\.message.id)).count == 3)
        #expect(sink.all.allSatisfy { $0.message.queue == "bulk" })
        await #expect(throws: EnqueueError.self) { try await producer.enqueueAll(notes, .once("")) }
        #expect(sink.all.count == 3)
    }
}
