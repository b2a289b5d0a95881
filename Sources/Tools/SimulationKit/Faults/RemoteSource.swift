import SojournCore
import SojournModel

/// The tasks of whichever server answers, over a network: a worker without a store of its own.
///
/// Requests run in the server's process. One that was sent goes on there, also when its sender has died.
struct RemoteSource: TaskSource {
    let world: World
    let gate: Gate
    let dice: Dice

    func claim(_ request: LeaseRequest) async throws(BackendError) -> [Delivery] {
        try await ask("remote claim") { server throws(BackendError) in try await server.claim(request) }
    }

    func heartbeat(_ leases: [Lease], by duration: Duration) async throws(BackendError) -> [LeaseStatus] {
        try await ask("remote heartbeat") { server throws(BackendError) in
            try await server.heartbeat(leases, by: duration)
        }
    }

    func complete(_ reports: [AttemptReport]) async throws(BackendError) -> [SettlementStatus] {
        try await ask("remote report") { server throws(BackendError) in try await server.complete(reports) }
    }

    private func ask<Answer: Sendable>(
        _ name: StaticString, _ call: (LocalTaskQueue) async throws(BackendError) -> Answer
    ) async throws(BackendError) -> Answer {
        try await gate.pass(name) { () throws(BackendError) in
            let up = world.servers.compactMap(\.current)
            guard !up.isEmpty else { throw BackendError(.unavailable, "No server answers.") }
            let server = dice.pick(up)
            let answer: Result<Answer, BackendError> = await withTaskExecutorPreference(server.track) {
                do throws(BackendError) {
                    return .success(try await call(server.queue))
                } catch {
                    return .failure(error)
                }
            }
            do throws(BackendError) {
                return try answer.get()
            } catch  where error.code == .closed {
                throw BackendError(.unavailable, "The server went away.")
            }
        }
    }
}
