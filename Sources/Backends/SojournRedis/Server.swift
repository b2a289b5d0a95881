#if Redis
import NIOCore
import RESP
import SojournCore

/// The server as the operations see it: values or a ``BackendError``.
struct Server: Sendable {
    let client: RedisClient

    /// The answers to commands that go out in one piece; the first refusal is thrown.
    func send(_ commands: [Command]) async throws(BackendError) -> [RESPValue] {
        var values: [RESPValue] = []
        values.reserveCapacity(commands.count)
        do throws(RESPError) {
            for reply in try await client.send(commands) { values.append(try reply.get()) }
        } catch {
            throw BackendError(error)
        }
        return values
    }

    /// The answer to one command.
    func send(_ command: Command) async throws(BackendError) -> RESPValue {
        do throws(RESPError) {
            return try await client.send(command)
        } catch {
            throw BackendError(error)
        }
    }
}

extension BackendError {
    /// What a refusal or a lost connection means to those who do not know Redis.
    init(_ error: RESPError) {
        self.init(Code(error), "Redis: \(error.message)", cause: error)
    }

    /// An answer that no version of the scripts gives.
    static func unreadable(_ what: String) -> BackendError {
        BackendError(.corrupted, "Redis answered \(what) in a form that is not known.")
    }
}

extension BackendError.Code {
    init(_ error: RESPError) {
        switch error.kind {
        case .timeout: self = .timeout
        case .connectionLost: self = error.mayHaveExecuted ? .timeout : .unavailable
        case .connectionRefused, .unknownHost, .protocolViolation, .readOnly, .loading, .busy, .noScript,
            .tooManyConnections, .unreplicated, .moved, .ask, .tryAgain, .clusterDown, .cancelled:
            self = .unavailable
        case .overloaded: self = .throttled
        case .outOfMemory, .misconfigured: self = .full
        case .closed: self = .closed
        case .tls, .tooLarge, .invalidAddress, .authentication, .permission, .crossSlot, .server: self = .rejected
        }
    }
}

extension RESPValue {
    /// The bytes of a list of texts; nil in it where the server had none.
    var buffers: [ByteBuffer?] { elements?.map(\.bytes) ?? [] }
}
#endif
