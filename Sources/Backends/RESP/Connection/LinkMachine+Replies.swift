#if Redis
import NIOCore

extension LinkMachine {
    enum Received: Sendable {
        case nothing
        /// A pipeline has all its replies.
        case ended(Ended)
        case push([RESPValue])
        /// Write these: the handshake goes on.
        case send([Command])
        /// The handshake is over; flush what waited.
        case ready
        /// Close the connection, then call ``lost(_:now:chance:)``.
        case failed(RESPError)
    }

    /// The connection is open: the commands to begin with.
    mutating func connected() -> [Command] {
        guard phase == .connecting else { return [] }
        phase = .greeting
        var handshake = Handshake(wishes)
        defer { self.handshake = handshake }
        return handshake.start()
    }

    /// Takes one value from the server.
    mutating func received(_ value: RESPValue, now: NIODeadline) -> Received {
        silentSince = now
        if case .push(let elements) = value { return .push(elements) }
        switch phase {
        case .greeting: return greeted(by: value)
        case .ready where options.isSubscription: return subscribed(value)
        case .ready: return replied(value)
        default: return .nothing
        }
    }

    private mutating func greeted(by value: RESPValue) -> Received {
        switch handshake?.received(value) {
        case .send(let commands): return .send(commands)
        case .wait, nil: return .nothing
        case .failed(let error): return .failed(error)
        case .done:
            phase = .ready
            handshake = nil
            attempt = 0
            lastError = nil
            connectDeadline = .distantFuture
            return .ready
        }
    }

    /// RESP2 knows no pushes; there, the same words come in an array.
    private func subscribed(_ value: RESPValue) -> Received {
        switch value {
        case .array(let elements): .push(elements)
        case .error(let message): .failed(RESPError(serverMessage: message))
        default: .nothing
        }
    }

    private mutating func replied(_ value: RESPValue) -> Received {
        guard head != nil else { return .failed(RESPError(.protocolViolation, "An answer that nobody asked for.")) }
        let reply = reply(value)
        head?.replies.append(reply)
        guard let full = head, full.replies.count == full.count else { return .nothing }
        load -= full.count
        head = queue.popFirst()
        guard let caller = full.caller else { return drained ?? .nothing }
        return .ended(Ended(caller: caller, replies: full.replies))
    }

    private mutating func reply(_ value: RESPValue) -> Reply {
        guard case .error(let message) = value else { return .success(value) }
        let error = RESPError(serverMessage: message)
        if error.kind == .readOnly, options.reconnects { isDraining = true }
        return .failure(error)
    }

    /// Somebody knows that another server is the master now: no more commands for this one. See ``drained``.
    mutating func leave() -> Received? {
        guard phase == .ready else { return nil }
        isDraining = true
        return drained
    }

    /// Set once a server that turned out to be no master any more has answered everything: leave it.
    var drained: Received? {
        guard isDraining, head == nil, phase == .ready else { return nil }
        return .failed(RESPError(.readOnly, "The server is no longer the master."))
    }
}
#endif
