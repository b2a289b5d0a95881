#if Postgres
import CLibPQ
import Synchronization

/// What libpq needs to cancel a statement without touching its connection.
struct CancelHandle: Sendable {
    /// How many threads of this process may wait for a server to hear. A frozen one would take all there are.
    private static let limit = 32
    private static let underWay = Mutex(0)

    private let bits: UInt

    init(_ pointer: OpaquePointer) { bits = UInt(bitPattern: pointer) }

    /// Whether one more may be sent; if so, ``end()`` follows.
    static func mayBegin() -> Bool {
        underWay.withLock { count in
            guard count < limit else { return false }
            count += 1
            return true
        }
    }

    static func end() { underWay.withLock { $0 -= 1 } }

    /// Tells the server and waits until it has heard; false if it could not be told. To be called once.
    func send() -> Bool {
        let pointer = OpaquePointer(bitPattern: bits)
        defer { PQfreeCancel(pointer) }
        var words = [CChar](repeating: 0, count: 256)
        return PQcancel(pointer, &words, Int32(words.count)) == 1
    }
}
#endif
