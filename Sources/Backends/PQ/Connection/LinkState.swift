#if Postgres
import CLibPQ

/// Everything about one connection that its lock protects.
struct LinkState {
    typealias Completion = @Sendable (Batch.Ending) -> Void

    /// What is to be done once the lock is free again.
    struct Outcome {
        var ended: (completion: Completion, ending: Batch.Ending)?
        var notifications: [PQNotification] = []
        /// The connection is no longer of use.
        var loss: PQError?
        var wantsWriting = false
    }

    private var handle: Handle?
    private(set) var batch: Batch?
    private var completion: Completion?
    /// How the batch ended; it waits for its cancellation to come through, which must not hit the next one.
    private var ending: Batch.Ending?
    var isCancelling = false
    var statements = StatementCache()

    private var connection: OpaquePointer? { handle?.pointer }

    mutating func adopt(_ handle: Handle) { self.handle = handle }

    /// Nothing is under way, and the server is in no transaction.
    var isClean: Bool {
        guard let handle, let connection, completion == nil, !isCancelling, !handle.isEnding else { return false }
        return PQstatus(connection) == CONNECTION_OK && PQtransactionStatus(connection) == PQTRANS_IDLE
    }

    /// Reads what has come in, so that an end that the server has announced is known before anything is sent.
    var isUsable: Bool {
        // The first may read the server's last words, and only the second that nothing follows.
        guard let handle, let connection, PQconsumeInput(connection) == 1, PQconsumeInput(connection) == 1 else {
            return false
        }
        _ = PQisBusy(connection)
        return PQstatus(connection) == CONNECTION_OK && !handle.isEnding
    }

    /// Sends a job. Nil if the connection turns out to be gone before anything was sent.
    mutating func submit(_ job: Job, id: Int, then: @escaping Completion) -> Outcome? {
        guard let connection, completion == nil, PQstatus(connection) == CONNECTION_OK else { return nil }
        var batch = Batch(id: id, job: job, deadline: .now + job.patience)
        let wasSent = send(job, steps: &batch.steps, on: connection)
        self.batch = batch
        completion = then
        guard wasSent else { return Outcome(loss: PQError(.connectionLost, words(of: connection))) }
        return flush(Outcome())
    }

    private mutating func send(_ job: Job, steps: inout [Step], on connection: OpaquePointer) -> Bool {
        var new: [EncodedStatement.Key: String] = [:]
        for statement in job.statements {
            var name = statements.name(of: statement.key) ?? new[statement.key]
            if name == nil, job.preparing, !statements.isFull {
                let fresh = statements.newName()
                let types = statement.key.types
                guard PQsendPrepare(connection, fresh, statement.key.sql, Int32(types.count), types) == 1 else {
                    return false
                }
                steps.append(.prepare(statement.key, name: fresh))
                new[statement.key] = fresh
                name = fresh
            }
            guard statement.send(on: connection, name: name) else { return false }
            steps.append(.execute)
        }
        return PQpipelineSync(connection) == 1
    }

    mutating func flush(_ outcome: Outcome) -> Outcome {
        guard let connection else { return outcome }
        var outcome = outcome
        switch PQflush(connection) {
        case 0: batch?.isSent = true
        case 1: outcome.wantsWriting = true
        // A failed write shows up in reading, after what the server said last.
        default: batch?.isSent = true
        }
        return outcome
    }

    /// Takes what has come in.
    mutating func read() -> Outcome {
        guard let connection else { return Outcome() }
        var outcome = Outcome()
        let isAlive = consume(connection)
        let isInOrder = drain(connection, isAlive: isAlive)
        while let notification = PQnotifies(connection) {
            outcome.notifications.append(PQNotification(notification.pointee))
            PQfreemem(notification)
        }
        if !isAlive || PQstatus(connection) == CONNECTION_BAD {
            outcome.loss = PQError(.connectionLost, words(of: connection))
        } else if !isInOrder {
            outcome.loss = PQError(.protocolViolation, "The server's answers do not fit the statements.")
        } else {
            outcome = flush(outcome)
        }
        outcome.ended = finished()
        return outcome
    }

    /// A TLS record can be larger than what libpq reads at once, and the rest of it makes no socket readable.
    private func consume(_ connection: OpaquePointer) -> Bool {
        let tries = PQsslInUse(connection) == 1 ? 4 : 1
        return (0..<tries).allSatisfy { _ in PQconsumeInput(connection) == 1 }
    }

    /// When to look at the batch again although nothing happened: with TLS soon, in case libpq left a part of a record
    /// unread.
    var nextLook: Moment? {
        guard let connection, let batch else { return nil }
        return PQsslInUse(connection) == 1 ? min(batch.deadline, .now + .milliseconds(100)) : batch.deadline
    }

    private mutating func drain(_ connection: OpaquePointer, isAlive: Bool) -> Bool {
        var gaps = 0
        while ending == nil, batch != nil, PQisBusy(connection) == 0 {
            guard let result = PQgetResult(connection) else {
                // One gap ends each statement. Two mean that libpq expects nothing more.
                gaps += 1
                if gaps > 1 { return !isAlive }
                continue
            }
            gaps = 0
            let progress = batch?.take(result)
            if progress == .broken { return false }
            guard progress == .done, let batch else { continue }
            for one in batch.prepared { statements.keep(one.key, as: one.name) }
            ending = batch.ending
            if case .failure(let error) = batch.ending, error.lostStatement { statements.clear() }
        }
        return true
    }

    /// The batch's end, if it has come and no cancellation is on its way.
    mutating func finished() -> (completion: Completion, ending: Batch.Ending)? {
        guard let ending, let completion, !isCancelling else { return nil }
        batch = nil
        self.completion = nil
        self.ending = nil
        return (completion, ending)
    }

    /// Marks the batch as cancelled and returns what the server is told it with; nil if it is over.
    mutating func beginCancelling(_ id: Int) -> CancelHandle? {
        guard let connection, batch?.id == id, ending == nil, !isCancelling else { return nil }
        guard let cancel = PQgetCancel(connection) else { return nil }
        batch?.isCancelled = true
        isCancelling = true
        return CancelHandle(cancel)
    }

    /// Gives the connection up: what is to be closed, and who must hear of it.
    mutating func drop(_ error: PQError) -> (Handle, (completion: Completion, ending: Batch.Ending)?)? {
        guard let handle else { return nil }
        self.handle = nil
        isCancelling = false
        if ending == nil { ending = batch?.ending(lost: error) }
        return (handle, finished())
    }

    private func words(of connection: OpaquePointer) -> String {
        let words = PQerrorMessage(connection).map { String(cString: $0) } ?? ""
        let line = words.split(whereSeparator: \.isNewline).first.map(String.init)
        return line ?? "The connection ended."
    }
}

extension EncodedStatement {
    /// Sends it under the name by which the server knows it, or in full.
    fileprivate func send(on connection: OpaquePointer, name: String?) -> Bool {
        let count = Int32(lengths.count)
        return withParameters { values, lengths, formats in
            if let name {
                return PQsendQueryPrepared(connection, name, count, values, lengths, formats, 1) == 1
            }
            return PQsendQueryParams(connection, key.sql, count, key.types, values, lengths, formats, 1) == 1
        }
    }
}
#endif
