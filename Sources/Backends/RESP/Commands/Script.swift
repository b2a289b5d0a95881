#if Redis
import NIOCore

/// A Lua script. It is called by its digest; where the server does not know it, the client sends it in full, unasked.
public struct Script: Sendable {
    /// The SHA-1 of the source in 40 lower-case hexadecimal digits: its name on the server.
    public let digest: String
    /// The first two words of the call by digest and of the call in full.
    let byDigest: ByteBuffer
    let inFull: ByteBuffer

    /// Prepares the calls of `source`; do it once per script, not once per call.
    public init(_ source: String) {
        digest = SHA1.hex(of: source.utf8)
        byDigest = Command("EVALSHA", digest).body
        inFull = Command("EVAL", source).body
    }

    /// A call with `keys`; `ARGV` is what you append to it. `capacity` is the number of bytes to make room for.
    public func call(keys: [String], capacity: Int = 0) -> Command {
        Command(self, keys: keys, capacity: capacity)
    }
}

extension Script {
    /// Which commands of a pipeline must be sent again because the server forgot their scripts, and in which form: the
    /// first of each script in full, which makes it known again, the others by digest as before, or `allInFull`.
    static func resends(
        of commands: [Command], after replies: [Reply], allInFull: Bool = false
    ) -> [(index: Int, command: Command)] {
        var sentInFull: Set<String> = []
        return zip(commands, replies).enumerated().compactMap { index, sent in
            guard let script = sent.0.script, case .failure(let error) = sent.1, error.kind == .noScript else {
                return nil
            }
            let isFirst = sentInFull.insert(script.digest).inserted
            return (index, isFirst || allInFull ? sent.0.inFull : sent.0)
        }
    }
}
#endif
