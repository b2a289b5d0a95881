#if Redis
import NIOCore

@testable import RESP

/// A moment, in seconds.
func at(_ seconds: Double) -> NIODeadline { .uptimeNanoseconds(UInt64(seconds * 1e9)) }

/// Who got what: values as text, errors as their kind, with `?` where the command may have been executed.
struct Over: Equatable {
    let caller: String
    let replies: [String]

    init(_ caller: String, _ replies: [String]) {
        self.caller = caller
        self.replies = replies
    }

    init(_ ended: LinkMachine<String>.Ended) {
        caller = ended.caller
        replies = ended.replies.map { reply in
            switch reply {
            case .success(let value): "\(value.integer ?? -1)"
            case .failure(let error): error.kind.rawValue + (error.mayHaveExecuted ? "?" : "")
            }
        }
    }
}

extension LinkMachine<String> {
    /// A machine after its handshake, with pipelines under way, in the order of their names.
    static func ready(
        sent: [String: Int] = [:], deadlines: [String: Double] = [:], options: Options = Options()
    ) -> LinkMachine<String> {
        var machine = LinkMachine<String>(options: options)
        _ = machine.connectNow(now: at(0))
        _ = machine.connected()
        _ = machine.received(.map([]), now: at(0))
        for (caller, count) in sent.sorted(by: { $0.key < $1.key }) {
            _ = machine.send(caller, count: count, deadline: deadlines[caller] ?? 5)
        }
        _ = machine.flush(now: at(0))
        return machine
    }

    mutating func send(_ caller: String, count: Int = 1, deadline: Double = 5) -> Submission {
        submit(caller, count: count, bytes: ByteBuffer(string: caller), deadline: at(deadline), now: at(0))
    }

    mutating func reply(_ value: RESPValue, at seconds: Double = 0) -> Over? {
        guard case .ended(let ended) = received(value, now: RESPTests.at(seconds)) else { return nil }
        return Over(ended)
    }
}
#endif
