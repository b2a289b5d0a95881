#if HTTP
import SojournModel

/// Decides which address of a host an attempt may call, so that no URL reaches into the server's own network.
///
/// One private address among public ones is enough to refuse: whoever controls the name would win by trying again.
/// What comes out is called as it is; the name is not looked up a second time, which might answer differently.
struct AddressGuard: Sendable {
    let host: String
    let lookup: @Sendable () async throws -> [IPAddress]
    let permits: @Sendable (IPAddress) -> Bool

    /// A guard that permits global unicast addresses.
    init(host: String) {
        let lookup = HostLookup(host: host)
        self.init(host: host, lookup: { try await lookup.addresses() }, permits: { $0.isGlobalUnicast })
    }

    init(
        host: String, lookup: @escaping @Sendable () async throws -> [IPAddress],
        permits: @escaping @Sendable (IPAddress) -> Bool
    ) {
        self.host = host
        self.lookup = lookup
        self.permits = permits
    }

    /// The address for the attempt with this number. Retries go through the addresses, because one may be down.
    func address(forAttempt attempt: Int) async throws -> IPAddress {
        let all = try await lookup()
        guard let first = all.first else { throw Failure("The host \(host) has no address") }
        // Retried, because a name can be put right; addresses in URLs are refused when the handler is made.
        if let refused = all.first(where: { !permits($0) }) { throw Failure(Self.refusal(of: refused, for: host)) }
        let preferred = all.filter { $0.isIPv4 == first.isIPv4 }
        return preferred[(max(1, attempt) - 1) % preferred.count]
    }

    /// Refuses a host that is an address, in whatever spelling, and not a public one.
    static func check(literal host: String) throws(InvalidHandlerSettings) {
        guard case .success(let addresses) = HostLookup.ask(for: host, numericOnly: true) else { return }
        if let refused = addresses.first(where: { !$0.isGlobalUnicast }) {
            throw InvalidHandlerSettings("url", "is refused: " + Self.refusal(of: refused, for: host))
        }
    }

    private static func refusal(of address: IPAddress, for host: String) -> String {
        "\(host) has the address \(address), which is not public; set allow_private to call it"
    }
}
#endif
