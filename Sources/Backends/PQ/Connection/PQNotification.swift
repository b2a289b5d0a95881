#if Postgres
import CLibPQ

/// What `NOTIFY` sent.
public struct PQNotification: Sendable, Hashable {
    /// The channel.
    public let channel: String
    /// The text; empty if there was none.
    public let payload: String
    /// The server's process that sent it.
    public let process: Int32

    init(_ notification: PGnotify) {
        channel = notification.relname.map { String(cString: $0) } ?? ""
        payload = notification.extra.map { String(cString: $0) } ?? ""
        process = notification.be_pid
    }
}
#endif
