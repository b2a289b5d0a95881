#if Redis
import NIOCore
import RESP
public import SojournCore
public import SojournModel

extension RedisQueue {
    /// Stops tasks that wait, and asks for those that run.
    public func cancel(_ ids: [TaskID]) async throws(BackendError) -> [CancelResult] {
        var answers: [TaskID: CancelResult] = [:]
        var left = Array(Set(ids))
        // Who moved between the look and the script is looked at again.
        while !left.isEmpty {
            let tasks = try await find(left)
            for id in left where tasks[id] == nil { answers[id] = .unknown }
            var tries: [(id: TaskID, answer: CancelResult, call: Command)] = []
            for (id, task) in tasks {
                if task.status.isFinal {
                    answers[id] = .final(task.status)
                } else if task.status == .running {
                    tries.append((id, .requested, Self.wish(for: task)))
                } else {
                    let place = task.status == .queued ? Arrival(task.message) : nil
                    tries.append((id, .cancelled(waiting: place), cancellation(of: task)))
                }
            }
            for (attempt, value) in zip(tries, try await server.send(tries.map(\.call))) where value.integer == 1 {
                answers[attempt.id] = attempt.answer
            }
            left.removeAll { answers[$0] != nil }
        }
        return ids.map { answers[$0] ?? .unknown }
    }

    private static func wish(for task: StoredTask) -> Command {
        var call = Scripts.wish.call(keys: [task.entry.keys.states])
        call.append(task.body.message.id.key)
        return call
    }

    private func cancellation(of task: StoredTask) -> Command {
        let keys = task.entry.keys
        let now = time.now()
        var state = task.state
        state.status = .cancelled
        state.finishedAt = now
        let place = FinalPlace.finished(
            task.body.message.id, .cancelled, task.body.message.priority, at: now)
        return Move(
            task: task, from: task.status == .queued ? nil : (keys.due, task.duePlace), to: keys.finished,
            place: place, state: state
        ).call
    }
}

extension StoredTask {
    /// The number of the line that the task waits in.
    var line: UInt32 { entry.numbers[body.line] ?? 0 }

    /// How the task stands among those whose time has not come.
    var duePlace: ByteBuffer { DuePlace(body.message.id, status: state.status, line: line).bytes }

    /// How the task stands among the dead letters.
    var deadPlace: ByteBuffer { FinalPlace.bytes(body.message.id, .dead, body.message.priority) }
}

/// One call of the move script.
struct Move {
    let task: StoredTask
    /// The sorted set where it stands, and how; nil where its place is left to be passed over.
    let from: (key: String, place: ByteBuffer)?
    let to: String
    let place: ByteBuffer
    /// Set where it goes to a sorted set.
    var score: Timestamp?
    let state: TaskState
    /// The number of the line it goes to, if it goes to one.
    var line: UInt32?

    var call: Command {
        let keys = task.entry.keys
        let priority = task.body.message.priority
        var names = [keys.states, keys.counts, to, keys.open, keys.gone]
        if let from { names.append(from.key) }
        var call = Scripts.move.call(keys: names)
        call.append(task.body.message.id.key)
        call.append(from?.place ?? ByteBuffer())
        call.append(place)
        call.append(score.map { "\($0.microseconds)" } ?? "")
        call.append(task.stateBytes ?? ByteBuffer())
        call.append(state.encoded)
        call.append(CountField(task.status, priority).text)
        call.append(CountField(state.status, priority).text)
        call.append(line.map { "\($0)" } ?? "")
        return call
    }
}
#endif
