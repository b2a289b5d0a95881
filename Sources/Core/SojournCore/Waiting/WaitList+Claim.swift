import SojournModel

extension WaitList {
    /// How every backend's claims wait: looks, and until `request.wait` is over or the claim is cancelled, looks again
    /// whenever tasks may have appeared.
    ///
    /// - Parameters:
    ///   - lookAgain: After which time to look though nobody has called, for lists whose calls may be lost; nil =
    ///     not. Asked each time.
    ///   - look: Takes what is there now.
    /// - Returns: The first grant that is not empty, or the empty one of the last look.
    public func claim<Failure: Error>(
        _ request: LeaseRequest, lookAgain: () -> Duration? = { nil },
        _ look: () async throws(Failure) -> LeaseGrant
    ) async throws(Failure) -> LeaseGrant {
        guard request.limit > 0, !Task.isCancelled else { return LeaseGrant() }
        let end = time.now().advanced(by: request.wait)
        var call: Call?
        while true {
            let ticket = ticket(for: request.queues, types: request.types)
            let grant: LeaseGrant
            do throws(Failure) {
                grant = try await look()
            } catch {
                for lost in [cancel(ticket), call] { passOn(lost, unlessIn: nil) }
                throw error
            }
            let now = time.now()
            if !grant.isEmpty || Task.isCancelled || now >= end {
                // What it was called for while it looked may have come too late for this look.
                passOn(cancel(ticket), unlessIn: nil)
                passOn(call, unlessIn: grant)
                return grant
            }
            call = await wait(ticket, until: min(end, lookAgain().map { now.advanced(by: $0) } ?? end))
            if Task.isCancelled {
                passOn(call, unlessIn: nil)
                return LeaseGrant()
            }
        }
    }
}
