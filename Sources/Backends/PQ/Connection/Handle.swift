#if Postgres
import CLibPQ

/// A libpq connection that nobody works with yet, or any more. As a number it may cross threads.
struct Handle: Sendable {
    private let bits: UInt
    private let farewell: UInt

    /// Takes over a connection. Until ``finish()`` it notes whether the server says that it will end the session.
    init(_ pointer: OpaquePointer) {
        bits = UInt(bitPattern: pointer)
        let flag = UnsafeMutablePointer<Bool>.allocate(capacity: 1)
        flag.initialize(to: false)
        farewell = UInt(bitPattern: flag)
        // What the server says while nothing is asked comes as a notice. By default libpq writes those to the
        // standard error.
        let receiver: PQnoticeReceiver = { flag, notice in
            let severity = PQresultErrorField(notice, Int32(Unicode.Scalar("V").value)).map { String(cString: $0) }
            if severity == "FATAL" || severity == "PANIC" { flag?.storeBytes(of: true, as: Bool.self) }
        }
        PQsetNoticeReceiver(pointer, receiver, flag)
    }

    var pointer: OpaquePointer? { OpaquePointer(bitPattern: bits) }

    /// The socket, which does not change once the connection is open.
    var socket: Int32 { PQsocket(pointer) }

    /// Whether the server has said that the session is over. To be asked by whoever works with the connection.
    var isEnding: Bool { UnsafeMutablePointer<Bool>(bitPattern: farewell)?.pointee ?? true }

    /// To be called once, and nothing after it.
    func finish() {
        PQfinish(pointer)
        UnsafeMutablePointer<Bool>(bitPattern: farewell)?.deallocate()
    }
}
#endif
