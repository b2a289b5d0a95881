#if HTTP
import Foundation
import SojournCore
import SojournModel
import Synchronization

/// Asks the system for the addresses of one host: once at a time, however many ask.
///
/// The system's call blocks for seconds when name servers are slow. So it gets a thread of its own, neither one of
/// the few that run Swift's tasks nor an event loop's, and one thread at most: who asks meanwhile gets the same
/// answer.
final class HostLookup: Sendable {
    typealias Answer = Result<[IPAddress], Failure>

    private let host: String
    private let waiting = Mutex<[Waiter]>([])

    init(host: String) { self.host = host }

    /// The addresses, in the order in which the system would try them; throws `Failure`, or when it is cancelled.
    func addresses() async throws -> [IPAddress] {
        let waiter = Waiter()
        let isFirst = waiting.withLock { waiting in
            waiting.append(waiter)
            return waiting.count == 1
        }
        if isFirst { Thread.detachNewThread { self.answer(Self.ask(for: self.host)) } }
        await waiter.answered.wait()
        try Task.checkCancellation()
        return try waiter.answer.withLock { $0 }?.get() ?? []
    }

    private func answer(_ answer: Answer) {
        let waiters = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        for waiter in waiters {
            waiter.answer.withLock { $0 = answer }
            waiter.answered.fire()
        }
    }

    private final class Waiter: Sendable {
        let answered = OneShot()
        let answer = Mutex<Answer?>(nil)
    }
}

extension HostLookup {
    /// Asks and blocks. `numericOnly` reads addresses in all their spellings (decimal, octal, hexadecimal, IPv6),
    /// asks no server and so returns at once.
    static func ask(for host: String, numericOnly: Bool = false) -> Answer {
        var hints = addrinfo()
        hints.ai_protocol = Int32(IPPROTO_TCP)
        // Without ADDRCONFIG, IPv6 addresses come to machines that cannot reach them.
        hints.ai_flags = numericOnly ? Int32(AI_NUMERICHOST) : Int32(AI_ADDRCONFIG)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, nil, &hints, &list)
        guard status == 0 else {
            return .failure(Failure("The host \(host) was not found: \(String(cString: gai_strerror(status)))"))
        }
        defer { freeaddrinfo(list) }
        var addresses: [IPAddress] = []
        var next = list
        while let entry = next?.pointee {
            if let address = entry.ai_addr.flatMap({ IPAddress($0) }), !addresses.contains(address) {
                addresses.append(address)
            }
            next = entry.ai_next
        }
        return .success(addresses)
    }
}
#endif
