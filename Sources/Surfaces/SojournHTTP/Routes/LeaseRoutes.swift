#if HTTP
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import ServiceLifecycle
import SojournCore
import SojournModel
import SojournWire
import Synchronization

/// What a worker in any language needs: claim, extend, complete, leave.
struct LeaseRoutes: Sendable {
    let queue: LocalTaskQueue
    let configuration: HTTPServerConfiguration
    private let waiting = WaitingClaims()

    var routes: [Route] {
        [
            Route(
                method: .post, path: "/leases", summary: "Claim tasks; waits for one if there is none",
                body: "LeaseRequest",
                answers: [
                    Route.Answer(
                        status: 200, description: "Tasks, each under a lease; maybe none.", schema: "LeaseAnswer")
                ], run: { call in try await claim(call) }),
            Route(
                method: .post, path: "/leases/extend", summary: "Extend leases: a worker's sign of life",
                body: "ExtendRequest",
                answers: [
                    Route.Answer(
                        status: 200, description: "How each lease stands, in order.", schema: "ExtendAnswer")
                ], run: { call in try await extend(call) }),
            Route(
                method: .post, path: "/leases/complete", summary: "Report how attempts ended",
                body: "CompleteRequest",
                answers: [
                    Route.Answer(
                        status: 200,
                        description: "What became of each result, in order. Repeating one that was ok is ok again.",
                        schema: "CompleteAnswer")
                ], run: { call in try await complete(call) }),
            Route(
                method: .post, path: "/leases/leave",
                summary: "End a worker's claims that wait: each is answered with what it has got",
                body: "LeaveRequest",
                answers: [
                    Route.Answer(status: 200, description: "How many claims waited.", schema: "LeaveAnswer")
                ], run: { call in try await leave(call) }),
        ]
    }

    // MARK: Claim

    private func claim(_ call: Call) async throws -> Response {
        let body = try LeaseRequestBody(json: try await call.body(), lease: configuration.lease)
        let request = body.request
        let deliveries =
            request.wait > .zero
            ? try await longPoll(request, on: call.context.channel) : try await queue.claim(request)
        return Answers.json(LeaseAnswer(deliveries: deliveries, now: queue.time.now()))
    }

    /// Waits for tasks until the time is over, its worker leaves, nobody waits for the answer any more, or the server
    /// shuts down. What was leased meanwhile for a worker that has gone is handed back, and its attempt does not count.
    private func longPoll(
        _ request: LeaseRequest, on channel: any Channel
    ) async throws(BackendError) -> [Delivery] {
        let end = OneShot()
        let isGone = Mutex(false)
        let watch = DisconnectWatch {
            isGone.withLock { $0 = true }
            end.fire()
        }
        channel.triggerUserOutboundEvent(watch, promise: nil)
        let result = await withGracefulShutdownHandler {
            await waiting.waiting(request.worker, end) { await untilFired(end) { await claimed(request) } }
        } onGracefulShutdown: {
            end.fire()
        }
        let deliveries = try result.get()
        guard !deliveries.isEmpty, isGone.withLock({ $0 }) else { return deliveries }
        try await handBack(deliveries, of: request.worker)
        return []
    }

    private func handBack(_ deliveries: [Delivery], of worker: String) async throws(BackendError) {
        let now = queue.time.now()
        _ = try await queue.complete(
            deliveries.map {
                AttemptReport(delivery: $0, outcome: .interrupted, startedAt: now, finishedAt: now, worker: worker)
            })
    }

    private func claimed(_ request: LeaseRequest) async -> Result<[Delivery], BackendError> {
        do throws(BackendError) {
            return .success(try await queue.claim(request))
        } catch {
            return .failure(error)
        }
    }

    // MARK: Extend, complete, leave

    private func extend(_ call: Call) async throws -> Response {
        let body = try ExtendBody(json: try await call.body(), lease: configuration.lease)
        // The end of a lease is the server's knowledge; whoever extends shows only the token.
        let leases = body.leases.map { Lease(task: $0.task, token: $0.token, expiresAt: .distantPast) }
        let statuses = leases.isEmpty ? [] : try await queue.heartbeat(leases, by: body.duration)
        let pairs = zip(body.leases, statuses).map { ($0.task, $1) }
        return Answers.json(ExtendAnswer(leases: pairs, now: queue.time.now()))
    }

    private func complete(_ call: Call) async throws -> Response {
        let body = try CompleteBody(json: try await call.body())
        let deliveries = try await queue.store.deliveries(of: body.results.map { ($0.lease.task, $0.lease.token) })
        let now = queue.time.now()
        let reports = zip(body.results, deliveries).map { attempt, delivery in
            AttemptReport(
                delivery: delivery ?? Self.ended(attempt.lease, now: now), outcome: attempt.outcome,
                startedAt: now.advanced(by: .zero - (attempt.runTime ?? .zero)), finishedAt: now,
                worker: body.worker)
        }
        let statuses = try await queue.complete(reports)
        return Answers.json(CompleteAnswer(tasks: body.results.map(\.lease.task), statuses: statuses))
    }

    private func leave(_ call: Call) async throws -> Response {
        let body = try LeaveBody(json: try await call.body())
        return Answers.json(LeaveAnswer(ended: waiting.leave(body.worker)))
    }

    /// Stands in for a delivery whose lease no longer holds: the store alone can tell, by the token, whether this very
    /// report settled it or somebody else has the task. It writes nothing in either case.
    private static func ended(_ lease: LeaseReference, now: Timestamp) -> Delivery {
        Delivery(
            message: TaskMessage(
                id: lease.task, type: TaskType(trusted: ""), payload: [], enqueuedAt: now, availableAt: now),
            lease: Lease(task: lease.task, token: lease.token, expiresAt: now))
    }
}
#endif
