#if Postgres
/// The types that parameters can have. The raw value is the type's oid, which is the same on every server.
public enum PQType: UInt32, Sendable, CaseIterable {
    /// `boolean`
    case bool = 16
    /// `bytea`
    case bytea = 17
    /// `bigint`
    case int8 = 20
    /// `smallint`
    case int2 = 21
    /// `integer`
    case int4 = 23
    /// `text`
    case text = 25
    /// `double precision`
    case float8 = 701
    /// `uuid`
    case uuid = 2950
    /// `jsonb`
    case jsonb = 3802
    /// `boolean[]`
    case boolArray = 1000
    /// `bytea[]`
    case byteaArray = 1001
    /// `smallint[]`
    case int2Array = 1005
    /// `integer[]`
    case int4Array = 1007
    /// `text[]`
    case textArray = 1009
    /// `bigint[]`
    case int8Array = 1016
    /// `uuid[]`
    case uuidArray = 2951
}
#endif
