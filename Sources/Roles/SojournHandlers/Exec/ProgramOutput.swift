import Synchronization

/// What a program wrote, as far as it is kept: the beginning of its output and the end of its errors.
///
/// The rest is read and thrown away: a program that is not read from would stop and wait, and one that is chatty may
/// still succeed. Its time limit bounds how long that goes on.
final class ProgramOutput: Sendable {
    struct Kept: Sendable {
        /// The first bytes of standard output.
        var output: [UInt8] = []
        /// Whether standard output had more.
        var isCut = false
        /// The last bytes of standard error.
        var errors: [UInt8] = []
        fileprivate var hasExited = false
        fileprivate var bytesSinceExit = 0
    }

    static let errorBytes = 4096
    /// A pipe holds at most this much for a program that is gone. Whatever comes after that was written by a
    /// descendant that left the process group, and which must not keep the attempt busy.
    private static let pipeBytes = 1_048_576

    private let outputLimit: Int
    private let state = Mutex(Kept())

    init(outputLimit: Int) { self.outputLimit = outputLimit }

    var kept: Kept { state.withLock { $0 } }

    /// From now on only what is left in the pipes is taken.
    func programHasExited() { state.withLock { $0.hasExited = true } }

    /// Takes bytes of standard output; false when it makes no sense to read on.
    func take(output bytes: UnsafeRawBufferPointer) -> Bool {
        state.withLock { kept in
            let room = outputLimit - kept.output.count
            kept.output.append(contentsOf: bytes.prefix(room))
            if bytes.count > room { kept.isCut = true }
            return Self.goesOn(after: bytes.count, &kept)
        }
    }

    /// Takes bytes of standard error; false when it makes no sense to read on.
    func take(errors bytes: UnsafeRawBufferPointer) -> Bool {
        state.withLock { kept in
            kept.errors.append(contentsOf: bytes.suffix(Self.errorBytes))
            kept.errors.removeFirst(max(0, kept.errors.count - Self.errorBytes))
            return Self.goesOn(after: bytes.count, &kept)
        }
    }

    private static func goesOn(after count: Int, _ kept: inout Kept) -> Bool {
        guard kept.hasExited else { return true }
        kept.bytesSinceExit += count
        return kept.bytesSinceExit <= 2 * pipeBytes
    }
}
