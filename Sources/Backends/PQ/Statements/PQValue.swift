#if Postgres
/// A UUID as two halves, the way its text is read from left to right.
public struct PQUUID: Sendable, Hashable {
    /// The first eight bytes.
    public let high: UInt64
    /// The last eight bytes.
    public let low: UInt64

    /// Puts the halves together.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}

/// A parameter of a statement. It travels in Postgres' binary format, with its type.
public enum PQValue: Sendable, Hashable {
    /// NULL of this type.
    case null(PQType)
    /// A `boolean`.
    case bool(Bool)
    /// A `smallint`.
    case int2(Int16)
    /// An `integer`.
    case int4(Int32)
    /// A `bigint`.
    case int8(Int64)
    /// A `double precision`.
    case float8(Double)
    /// A `text`, which cannot hold the character NUL.
    case text(String)
    /// A `bytea`.
    case bytea([UInt8])
    /// A `uuid`.
    case uuid(PQUUID)
    /// A `jsonb`, given as JSON text.
    case jsonb(String)
    /// A `boolean[]`.
    case boolArray([Bool])
    /// A `smallint[]`.
    case int2Array([Int16])
    /// An `integer[]`; nil is NULL.
    case int4Array([Int32?])
    /// A `bigint[]`; nil is NULL.
    case int8Array([Int64?])
    /// A `text[]`; nil is NULL.
    case textArray([String?])
    /// A `bytea[]`; nil is NULL.
    case byteaArray([[UInt8]?])
    /// A `uuid[]`.
    case uuidArray([PQUUID])

    /// A `uuid` by its halves.
    public static func uuid(high: UInt64, low: UInt64) -> PQValue { .uuid(PQUUID(high: high, low: low)) }

    /// The type that the server is told.
    public var type: PQType {
        switch self {
        case .null(let type): type
        case .bool: .bool
        case .int2: .int2
        case .int4: .int4
        case .int8: .int8
        case .float8: .float8
        case .text: .text
        case .bytea: .bytea
        case .uuid: .uuid
        case .jsonb: .jsonb
        case .boolArray: .boolArray
        case .int2Array: .int2Array
        case .int4Array: .int4Array
        case .int8Array: .int8Array
        case .textArray: .textArray
        case .byteaArray: .byteaArray
        case .uuidArray: .uuidArray
        }
    }
}
#endif
