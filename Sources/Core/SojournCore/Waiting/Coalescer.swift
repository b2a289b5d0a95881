import Synchronization

/// Joins calls that meet: while some are on their way to the server, those that come gather, and go together.
///
/// Nobody waits for company: a call that finds nothing on its way goes at once. Whoever goes takes along all that has
/// gathered, so no thread of its own is needed.
package final class Coalescer<Input: Sendable, Output: Sendable>: Sendable {
    package typealias Send = @Sendable ([Input]) async throws(BackendError) -> [Output]
    fileprivate typealias Answer = Result<[Output], BackendError>

    fileprivate struct Caller {
        let inputs: [Input]
        let answer: CheckedContinuation<Turn, Never>
    }
    /// What a caller that waited hears.
    fileprivate enum Turn {
        case answered(Answer)
        /// Its turn to take those along who have gathered, itself first.
        case lead
    }
    fileprivate struct State {
        var onTheirWay = 0
        var gathered: [Caller] = []
    }

    private let state = Mutex(State())
    private let batchMax: Int
    private let lanes: Int

    /// - Parameters:
    ///   - batchMax: Most inputs that go together; a call with more goes alone.
    ///   - lanes: How many batches may be on their way at one time.
    package init(batchMax: Int, lanes: Int) {
        self.batchMax = batchMax
        self.lanes = lanes
    }

    /// Sends `inputs`, together with those of others where they meet; output i belongs to input i. If `send` throws, it
    /// throws to all who went together.
    package func submit(_ inputs: [Input], send: Send) async throws(BackendError) -> [Output] {
        if inputs.count >= batchMax { return try await send(inputs) }
        let mayGo = state.withLock { state in
            if state.onTheirWay >= lanes { return false }
            state.onTheirWay += 1
            return true
        }
        if mayGo {
            defer { pass() }
            return try await send(inputs)
        }
        let turn = await withCheckedContinuation { continuation in
            let caller = Caller(inputs: inputs, answer: continuation)
            let mayGo = state.withLock { state in
                if state.onTheirWay < lanes {
                    state.onTheirWay += 1
                    return true
                }
                state.gathered.append(caller)
                return false
            }
            if mayGo { continuation.resume(returning: .lead) }
        }
        switch turn {
        case .answered(let answer): return try answer.get()
        case .lead: return try await lead(inputs, send)
        }
    }

    /// Sends `own` and what has gathered.
    private func lead(_ own: [Input], _ send: Send) async throws(BackendError) -> [Output] {
        let others = state.withLock { $0.take(upTo: batchMax - own.count) }
        defer { pass() }
        if others.isEmpty { return try await send(own) }
        let answer: Answer
        do throws(BackendError) {
            answer = .success(try await send(own + others.flatMap(\.inputs)))
        } catch {
            answer = .failure(error)
        }
        guard case .success(let outputs) = answer else {
            for other in others { other.answer.resume(returning: .answered(answer)) }
            return try answer.get()
        }
        var next = own.count
        for other in others {
            let end = next + other.inputs.count
            other.answer.resume(returning: .answered(.success(Array(outputs[next..<end]))))
            next = end
        }
        return Array(outputs.prefix(own.count))
    }

    /// Gives the way to the first who waits, or frees it.
    private func pass() {
        let next: Caller? = state.withLock { state in
            if state.gathered.isEmpty {
                state.onTheirWay -= 1
                return nil
            }
            return state.gathered.removeFirst()
        }
        next?.answer.resume(returning: .lead)
    }
}

extension Coalescer.State {
    /// Those who gathered first, with at most so many inputs.
    fileprivate mutating func take(upTo limit: Int) -> [Coalescer.Caller] {
        var left = limit
        let count = gathered.prefix { caller in
            left -= caller.inputs.count
            return left >= 0
        }.count
        defer { gathered.removeFirst(count) }
        return Array(gathered.prefix(count))
    }
}
