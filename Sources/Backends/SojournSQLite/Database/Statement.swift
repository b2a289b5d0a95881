#if SQLite
import GRDBSQLite
import SojournCore
import SojournModel

/// A prepared statement on the writer's connection.
///
/// GRDB's own statements box every argument and copy blobs through Foundation; on the way of a task that costs more
/// than SQLite itself, so the hot statements bind and read through the C interface directly.
struct Statement {
    private let handle: OpaquePointer
    private let connection: OpaquePointer

    init(_ sql: String, on connection: OpaquePointer) throws(BackendError) {
        var handle: OpaquePointer?
        let code = sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard code == SQLITE_OK, let handle else { throw sqliteError(code, on: connection) }
        self.handle = handle
        self.connection = connection
    }

    /// Frees the statement; it must not be used afterwards.
    func finalize() { sqlite3_finalize(handle) }

    // MARK: Binding; positions count from 1.

    func bind(_ position: Int32, _ value: Int64) { sqlite3_bind_int64(handle, position, value) }
    func bind(_ position: Int32, _ value: Int) { sqlite3_bind_int64(handle, position, Int64(value)) }
    func bind(_ position: Int32, _ value: Timestamp) { sqlite3_bind_int64(handle, position, value.microseconds) }
    func bindNull(_ position: Int32) { sqlite3_bind_null(handle, position) }

    func bind(_ position: Int32, _ value: Int64?) {
        if let value { bind(position, value) } else { bindNull(position) }
    }

    func bind(_ position: Int32, _ value: String?) {
        guard let value else { return bindNull(position) }
        let count = Int32(value.utf8.count)
        value.withCString { _ = sqlite3_bind_text(handle, position, $0, count, transient) }
    }

    func bind(_ position: Int32, _ value: [UInt8]?) {
        guard let value else { return bindNull(position) }
        value.withUnsafeBytes { bytes in
            if bytes.isEmpty {
                _ = sqlite3_bind_zeroblob(handle, position, 0)
            } else {
                _ = sqlite3_bind_blob(handle, position, bytes.baseAddress, Int32(bytes.count), transient)
            }
        }
    }

    /// Binds 128 bits as a blob of 16 bytes, most significant first, so that blobs order as identifiers do.
    func bind(_ position: Int32, high: UInt64, low: UInt64) {
        withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { bytes in
            _ = sqlite3_bind_blob(handle, position, bytes.baseAddress, 16, transient)
        }
    }

    func bind(_ position: Int32, _ id: TaskID) { bind(position, high: id.high, low: id.low) }
    func bind(_ position: Int32, _ token: LeaseToken) { bind(position, high: token.high, low: token.low) }

    // MARK: Running

    /// Runs to the end, ignoring rows, and makes the statement ready for the next use.
    func run() throws(BackendError) {
        while try next() {}
        reset()
    }

    /// Steps to the next row; false at the end. Call ``reset()`` afterwards.
    func next() throws(BackendError) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code:
            let error = sqliteError(code, on: connection)
            reset()
            throw error
        }
    }

    func reset() { sqlite3_reset(handle) }

    /// Hands every row to `body`.
    func forEachRow(_ body: (Statement) throws(BackendError) -> Void) throws(BackendError) {
        defer { reset() }
        while try next() { try body(self) }
    }

    // MARK: Reading; columns count from 0.

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }
    func int64(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }
    func int(_ column: Int32) -> Int { Int(sqlite3_column_int64(handle, column)) }
    func optionalInt64(_ column: Int32) -> Int64? { isNull(column) ? nil : int64(column) }
    func timestamp(_ column: Int32) -> Timestamp { Timestamp(microseconds: int64(column)) }
    func optionalTimestamp(_ column: Int32) -> Timestamp? { isNull(column) ? nil : timestamp(column) }

    func text(_ column: Int32) -> String? {
        guard let start = sqlite3_column_text(handle, column) else { return nil }
        let bytes = UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
        return String(decoding: bytes, as: UTF8.self)
    }

    func bytes(_ column: Int32) -> [UInt8]? {
        if isNull(column) { return nil }
        guard let start = sqlite3_column_blob(handle, column) else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
    }

    /// 128 bits from a blob of 16 bytes; zero where the blob is something else.
    private func halves(_ column: Int32) -> (high: UInt64, low: UInt64) {
        guard let start = sqlite3_column_blob(handle, column), sqlite3_column_bytes(handle, column) == 16 else {
            return (0, 0)
        }
        let high = UInt64(bigEndian: start.loadUnaligned(as: UInt64.self))
        return (high, UInt64(bigEndian: start.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }

    func taskID(_ column: Int32) -> TaskID {
        let (high, low) = halves(column)
        return TaskID(high: high, low: low)
    }

    func token(_ column: Int32) -> LeaseToken? {
        if isNull(column) { return nil }
        let (high, low) = halves(column)
        return LeaseToken(high: high, low: low)
    }
}

/// Makes SQLite copy what is bound.
private var transient: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

/// Runs SQL without arguments and rows.
func execute(_ sql: String, on connection: OpaquePointer) throws(BackendError) {
    let code = sqlite3_exec(connection, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw sqliteError(code, on: connection) }
}

/// Why a file is damaged: SQLite itself has said so.
private struct DamagedFile: Error {}

extension BackendError {
    /// Whether nothing may be written after it.
    var endsWriting: Bool { code == .closed || cause is DamagedFile }
}

/// What an SQLite result code means here.
func sqliteError(_ code: Int32, on connection: OpaquePointer) -> BackendError {
    let text = String(cString: sqlite3_errmsg(connection))
    switch code & 0xFF {
    case SQLITE_FULL: return BackendError(.full, "The disk of the data folder is full.")
    case SQLITE_BUSY, SQLITE_LOCKED: return BackendError(.unavailable, "The database is locked by another program.")
    case SQLITE_IOERR: return BackendError(.closed, "The disk of the data folder failed: \(text).")
    case SQLITE_CORRUPT, SQLITE_NOTADB:
        return BackendError(.corrupted, "The database is damaged: \(text).", cause: DamagedFile())
    default: return BackendError(.rejected, "SQLite refused: \(text).")
    }
}
#endif
