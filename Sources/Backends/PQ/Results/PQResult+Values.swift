#if Postgres
extension PQResult {
    /// An integer of any width.
    public func int8(_ row: Int, _ column: Int) throws(PQError) -> Int64 {
        try require(row, column) { (field: Field) throws(PQError) in try field.integer() }
    }

    /// An integer of any width; nil is NULL.
    public func int8OrNil(_ row: Int, _ column: Int) throws(PQError) -> Int64? {
        try read(row, column) { (field: Field) throws(PQError) in try field.integer() }
    }

    /// An integer of any width.
    public func int(_ row: Int, _ column: Int) throws(PQError) -> Int { Int(try int8(row, column)) }

    /// An integer of any width; nil is NULL.
    public func intOrNil(_ row: Int, _ column: Int) throws(PQError) -> Int? {
        try int8OrNil(row, column).map { Int($0) }
    }

    /// A `boolean`.
    public func bool(_ row: Int, _ column: Int) throws(PQError) -> Bool {
        try require(row, column) { (field: Field) throws(PQError) in try field.bool() }
    }

    /// A `boolean`; nil is NULL.
    public func boolOrNil(_ row: Int, _ column: Int) throws(PQError) -> Bool? {
        try read(row, column) { (field: Field) throws(PQError) in try field.bool() }
    }

    /// A `double precision` or `real`.
    public func float8(_ row: Int, _ column: Int) throws(PQError) -> Double {
        try require(row, column) { (field: Field) throws(PQError) in try field.float() }
    }

    /// A `double precision` or `real`; nil is NULL.
    public func float8OrNil(_ row: Int, _ column: Int) throws(PQError) -> Double? {
        try read(row, column) { (field: Field) throws(PQError) in try field.float() }
    }

    /// A `text`, `varchar`, `name`, `json` or `jsonb`.
    public func text(_ row: Int, _ column: Int) throws(PQError) -> String {
        try require(row, column) { (field: Field) throws(PQError) in try field.text() }
    }

    /// A `text`, `varchar`, `name`, `json` or `jsonb`; nil is NULL.
    public func textOrNil(_ row: Int, _ column: Int) throws(PQError) -> String? {
        try read(row, column) { (field: Field) throws(PQError) in try field.text() }
    }

    /// A `bytea`.
    public func bytes(_ row: Int, _ column: Int) throws(PQError) -> [UInt8] {
        try require(row, column) { (field: Field) throws(PQError) in try field.bytea() }
    }

    /// A `bytea`; nil is NULL.
    public func bytesOrNil(_ row: Int, _ column: Int) throws(PQError) -> [UInt8]? {
        try read(row, column) { (field: Field) throws(PQError) in try field.bytea() }
    }

    /// A `uuid`.
    public func uuid(_ row: Int, _ column: Int) throws(PQError) -> PQUUID {
        try require(row, column) { (field: Field) throws(PQError) in try field.uuid() }
    }

    /// A `uuid`; nil is NULL.
    public func uuidOrNil(_ row: Int, _ column: Int) throws(PQError) -> PQUUID? {
        try read(row, column) { (field: Field) throws(PQError) in try field.uuid() }
    }

    /// An array of integers of any width, without NULL in it.
    public func int8Array(_ row: Int, _ column: Int) throws(PQError) -> [Int64] {
        try elements(row, column) { (field: Field) throws(PQError) in try field.integer() }
    }

    /// A `boolean[]` without NULL in it.
    public func boolArray(_ row: Int, _ column: Int) throws(PQError) -> [Bool] {
        try elements(row, column) { (field: Field) throws(PQError) in try field.bool() }
    }

    /// A `uuid[]` without NULL in it.
    public func uuidArray(_ row: Int, _ column: Int) throws(PQError) -> [PQUUID] {
        try elements(row, column) { (field: Field) throws(PQError) in try field.uuid() }
    }

    /// A `text[]`; nil is NULL.
    public func textArray(_ row: Int, _ column: Int) throws(PQError) -> [String?] {
        try require(row, column) { (field: Field) throws(PQError) in
            try field.array { (element: Field?) throws(PQError) in try element?.text() }
        }
    }

    /// A `bytea[]`; nil is NULL.
    public func bytesArray(_ row: Int, _ column: Int) throws(PQError) -> [[UInt8]?] {
        try require(row, column) { (field: Field) throws(PQError) in
            try field.array { (element: Field?) throws(PQError) in try element?.bytea() }
        }
    }

    private func elements<T>(
        _ row: Int, _ column: Int, _ body: (Field) throws(PQError) -> T
    ) throws(PQError) -> [T] {
        try require(row, column) { (field: Field) throws(PQError) in
            try field.array { (element: Field?) throws(PQError) -> T in
                guard let element else { throw PQError(.protocolViolation, "An element of the array is NULL.") }
                return try body(element)
            }
        }
    }
}
#endif
