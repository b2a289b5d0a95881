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
        var call = Scripts.wish.call(keys: [task.entry.keys.grants, task.entry.keys.wishes])
        call.append(task.body.message.id.bytes)
        return call
    }

    private func cancellation(of task: StoredTask) -> Command {
        let keys = task.entry.keys
        let now = time.now()
        var state = task.state
        state.status = .cancelled
        state.finishedAt = now
        let isDue = task.status != .queued
        return Move(
            task: task, from: isDue ? keys.due : keys.line(task.body.line),
            place: isDue ? task.duePlace : QueueKeys.place(task.body), to: keys.finished,
            newPlace: task.finalPlace(.cancelled), score: now, state: state
        ).call
    }
}

extension StoredTask {
    /// Where the task stands in the set of those whose time has not come.
    var duePlace: [UInt8] { QueueKeys.place(body) + Array("\(state.status.code)\(body.line.text)".utf8) }

    /// Where the task stands in the set of those that are over.
    func finalPlace(_ status: TaskStatus) -> [UInt8] {
        Array("\(status.code)\(body.message.priority.rawValue)".utf8) + Array(body.message.id.bytes.readableBytesView)
    }
}

/// One call of the move script.
struct Move {
    let task: StoredTask
    let from: String
    let place: [UInt8]
    let to: String
    let newPlace: [UInt8]
    let score: Timestamp
    let state: TaskState
    var line = ""

    var call: Command {
        let keys = task.entry.keys
        let priority = task.body.message.priority
        var call = Scripts.move.call(keys: [from, to, keys.states, keys.counts, keys.lines])
        call.append(task.body.message.id.bytes)
        call.append(bytes: place)
        call.append(bytes: newPlace)
        call.append(Int(score.microseconds))
        call.append(task.stateBytes ?? ByteBuffer())
        call.append(state.encoded)
        call.append(CountField(task.status, priority).text)
        call.append(CountField(state.status, priority).text)
        call.append(line)
        return call
    }
}
#endif
