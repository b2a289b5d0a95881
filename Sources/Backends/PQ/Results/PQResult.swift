#if Postgres
import CLibPQ

/// What one statement returned. Values stay where libpq put them and are read from there; rows and columns count from
/// 0. Reading what is not there, or as a type that it does not have, throws ``PQError/Code/protocolViolation``.
public struct PQResult: Sendable {
    /// The rows that came back.
    public let rowCount: Int
    /// The columns of each row.
    public let columnCount: Int
    /// The rows that were inserted, updated, deleted or selected.
    public let affected: Int
    private let memory: ResultMemory

    init(_ result: OpaquePointer) {
        memory = ResultMemory(result)
        rowCount = Int(PQntuples(result))
        columnCount = Int(PQnfields(result))
        affected = PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0
    }

    /// The server's word for what it did, such as `INSERT 0 1`.
    var command: String {
        memory.pointer.flatMap { PQcmdStatus($0) }.map { String(cString: $0) } ?? ""
    }

    /// The name of a column; nil if there is no such column.
    public func columnName(_ column: Int) -> String? {
        guard column >= 0, column < columnCount, let pointer = memory.pointer else { return nil }
        return PQfname(pointer, Int32(column)).map { String(cString: $0) }
    }

    /// Whether the value is NULL.
    public func isNull(_ row: Int, _ column: Int) throws(PQError) -> Bool {
        try read(row, column) { (_: Field) in true } == nil
    }

    /// Reads the bytes as they came, in Postgres' binary format and without copying; nil is NULL.
    public func withBytes<T>(
        _ row: Int, _ column: Int, _ body: (UnsafeRawBufferPointer) throws(PQError) -> T
    ) throws(PQError) -> T? {
        try read(row, column) { (field: Field) throws(PQError) -> T in try body(field.bytes) }
    }

    /// Nil is NULL.
    func read<T>(
        _ row: Int, _ column: Int, _ body: (Field) throws(PQError) -> T
    ) throws(PQError) -> T? {
        defer { withExtendedLifetime(memory) {} }
        guard row >= 0, row < rowCount, column >= 0, column < columnCount, let pointer = memory.pointer else {
            throw PQError(
                .protocolViolation,
                "There is no row \(row), column \(column) in \(rowCount) rows of \(columnCount) columns.")
        }
        let (row, column) = (Int32(row), Int32(column))
        if PQgetisnull(pointer, row, column) != 0 { return nil }
        let bytes = UnsafeRawBufferPointer(
            start: PQgetvalue(pointer, row, column), count: Int(PQgetlength(pointer, row, column)))
        return try body(Field(type: PQftype(pointer, column), bytes: bytes))
    }

    /// The same, where NULL is not expected.
    func require<T>(_ row: Int, _ column: Int, _ body: (Field) throws(PQError) -> T) throws(PQError) -> T {
        guard let value = try read(row, column, body) else {
            throw PQError(.protocolViolation, "Row \(row), column \(column) is NULL.")
        }
        return value
    }
}

/// Owns what libpq allocated. As a number the pointer may cross threads: nobody writes to a result once it is here.
final class ResultMemory: Sendable {
    private let bits: UInt

    init(_ result: OpaquePointer) { bits = UInt(bitPattern: result) }

    var pointer: OpaquePointer? { OpaquePointer(bitPattern: bits) }

    deinit { PQclear(pointer) }
}
#endif
