#if HTTP
public import SojournCore
import SojournModel
import SojournWire

extension SojournClient: TaskSource {
    /// Hands out tasks; waits for one if there is none. Cancelled, it ends the wait at the server too and returns none.
    ///
    /// The ends of leases are told by this machine's clock, whatever the server's says.
    public func claim(_ request: LeaseRequest) async throws(BackendError) -> [Delivery] {
        guard request.limit > 0 else { return [] }
        let call = Transport.Call(
            method: .post, path: "/leases", body: Self.bytes(LeaseRequestBody(request)), isRepeatable: false,
            wait: request.wait, maxAnswer: (request.limit + 8) * (2 * Limits.payloadBytes))
        do throws(ClientError) {
            let answer: LeaseAnswer = try await answer(call)
            guard answer.deliveries.count <= request.limit else {
                throw .notUnderstood("it hands out more tasks than were asked for")
            }
            let shift = time.now().duration(since: answer.now)
            return answer.deliveries.map { delivery in
                let lease = delivery.lease
                return Delivery(
                    message: delivery.message,
                    lease: Lease(
                        task: lease.task, token: lease.token, expiresAt: lease.expiresAt.advanced(by: shift)))
            }
        } catch {
            if case .closed = error, Task.isCancelled { return [] }
            throw error.asBackendError
        }
    }

    /// Moves the end of leases to `duration` from now.
    public func heartbeat(_ leases: [Lease], by duration: Duration) async throws(BackendError) -> [LeaseStatus] {
        var statuses: [LeaseStatus] = []
        var rest = leases[...]
        while !rest.isEmpty {
            let part = rest.prefix(Limits.claimBatch)
            rest = rest.dropFirst(part.count)
            statuses += try await extend(part.map { LeaseReference(task: $0.task, token: $0.token) }, by: duration)
        }
        return statuses
    }

    private func extend(
        _ leases: [LeaseReference], by duration: Duration
    ) async throws(BackendError) -> [LeaseStatus] {
        let body = ExtendBody(leases: leases, duration: duration.clamped(to: Limits.lease))
        do throws(ClientError) {
            let answer: ExtendAnswer = try await post("/leases/extend", body, isRepeatable: true)
            guard answer.leases.map(\.task) == leases.map(\.task) else {
                throw .notUnderstood("its leases are not those that were asked about")
            }
            let shift = time.now().duration(since: answer.now)
            return answer.leases.map { Self.shifted($0.status, by: shift) }
        } catch {
            throw error.asBackendError
        }
    }

    private static func shifted(_ status: LeaseStatus, by shift: Duration) -> LeaseStatus {
        switch status {
        case .held(let end): .held(until: end.advanced(by: shift))
        case .cancelled(let end): .cancelled(until: end.advanced(by: shift))
        case .lost: .lost
        }
    }

    /// Reports attempts; durable when it returns. Repeated when the connection breaks: the lease's token makes a second
    /// report of the same attempt harmless.
    public func complete(_ reports: [AttemptReport]) async throws(BackendError) -> [SettlementStatus] {
        var statuses: [SettlementStatus] = []
        for part in CompletionParts(reports) {
            let body = CompleteBody(results: part, worker: reports.first?.worker ?? "")
            do throws(ClientError) {
                let answer: CompleteAnswer = try await post("/leases/complete", body, isRepeatable: true)
                guard answer.tasks == part.map(\.lease.task) else {
                    throw .notUnderstood("its results are not those that were reported")
                }
                statuses += answer.statuses
            } catch {
                throw error.asBackendError
            }
        }
        return statuses
    }

    /// Lets the claims of that worker return: they are answered, where cancelling them might lose an answer on its way.
    public func leave(_ worker: String) async throws(BackendError) -> Bool {
        do throws(ClientError) {
            let _: LeaveAnswer = try await post("/leases/leave", LeaveBody(worker: worker), isRepeatable: true)
            return true
        } catch {
            throw error.asBackendError
        }
    }
}

/// Reports in parts that a server takes in one request each.
struct CompletionParts: Sequence, IteratorProtocol {
    /// Leaves room for the field names of the attempts.
    private static let bytes = Limits.bodyBytes / 2
    private var rest: ArraySlice<CompletedAttempt>

    init(_ reports: [AttemptReport]) { rest = reports.map(Self.attempt)[...] }

    mutating func next() -> [CompletedAttempt]? {
        var part: [CompletedAttempt] = []
        var size = 0
        while let attempt = rest.first, part.count < Limits.claimBatch {
            size += Self.size(of: attempt.outcome)
            if size > Self.bytes, !part.isEmpty { break }
            part.append(attempt)
            rest = rest.dropFirst()
        }
        return part.isEmpty ? nil : part
    }

    /// What the store would cut or leave out stays here.
    private static func attempt(_ report: AttemptReport) -> CompletedAttempt {
        let lease = report.delivery.lease
        return CompletedAttempt(
            lease: LeaseReference(task: lease.task, token: lease.token), outcome: bounded(report.outcome),
            runTime: Swift.max(.zero, report.finishedAt.duration(since: report.startedAt)))
    }

    private static func bounded(_ outcome: Outcome) -> Outcome {
        switch outcome {
        case .succeeded(let result?) where result.count > Limits.resultBytes || !isJSON(result):
            .succeeded()
        case .failed(var failure):
            .failed(
                {
                    failure.message = cut(failure.message)
                    return failure
                }())
        case .discarded(let reason): .discarded(reason: cut(reason))
        default: outcome
        }
    }

    private static func isJSON(_ bytes: [UInt8]) -> Bool {
        (try? JSONValue(validating: bytes, maxDepth: 60)) != nil
    }

    private static func cut(_ text: String) -> String {
        text.utf8.count <= Limits.errorBytes
            ? text : String(decoding: text.utf8.prefix(Limits.errorBytes - 3), as: UTF8.self)
    }

    private static func size(of outcome: Outcome) -> Int {
        let text = outcome.errorText?.utf8.count ?? 0
        // An escaped character can take six bytes.
        if case .succeeded(let result?) = outcome { return 256 + result.count }
        return 256 + 6 * text
    }
}
#endif
