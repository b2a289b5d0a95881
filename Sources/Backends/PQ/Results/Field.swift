#if Postgres
/// One value as it came: its type and its bytes, which live as long as the result.
struct Field {
    let type: UInt32
    let bytes: UnsafeRawBufferPointer

    private func mismatch(_ wanted: String) -> PQError {
        PQError(
            .protocolViolation, "A column of type \(type) with \(bytes.count) bytes cannot be read as \(wanted).")
    }

    private func load<T: FixedWidthInteger>(_ kind: T.Type, at offset: Int = 0) -> T {
        T(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
    }

    func integer() throws(PQError) -> Int64 {
        switch (type, bytes.count) {
        case (PQType.int8.rawValue, 8): load(Int64.self)
        case (PQType.int4.rawValue, 4): Int64(load(Int32.self))
        case (PQType.int2.rawValue, 2): Int64(load(Int16.self))
        // oid
        case (26, 4): Int64(load(UInt32.self))
        default: throw mismatch("an integer")
        }
    }

    func bool() throws(PQError) -> Bool {
        guard type == PQType.bool.rawValue, bytes.count == 1 else { throw mismatch("a boolean") }
        return bytes[0] != 0
    }

    func float() throws(PQError) -> Double {
        switch (type, bytes.count) {
        case (PQType.float8.rawValue, 8): Double(bitPattern: load(UInt64.self))
        case (700, 4): Double(Float(bitPattern: load(UInt32.self)))
        default: throw mismatch("a float")
        }
    }

    func text() throws(PQError) -> String {
        var bytes = bytes[...]
        switch type {
        // name, text, json, unknown, char(n), varchar
        case 19, 25, 114, 705, 1042, 1043: break
        case PQType.jsonb.rawValue:
            guard bytes.first == 1 else { throw mismatch("jsonb") }
            bytes = bytes.dropFirst()
        default: throw mismatch("text")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw PQError(.protocolViolation, "A text is not valid UTF-8.")
        }
        return text
    }

    func bytea() throws(PQError) -> [UInt8] {
        guard type == PQType.bytea.rawValue else { throw mismatch("bytea") }
        return [UInt8](bytes)
    }

    func uuid() throws(PQError) -> PQUUID {
        guard type == PQType.uuid.rawValue, bytes.count == 16 else { throw mismatch("a uuid") }
        return PQUUID(high: load(UInt64.self), low: load(UInt64.self, at: 8))
    }

    /// Reads an array of one dimension; `element` gets nil for NULL.
    func array<T>(_ element: (Field?) throws(PQError) -> T) throws(PQError) -> [T] {
        let isArray = PQType(rawValue: type).map { $0.isArray } ?? false
        guard isArray, bytes.count >= 12 else { throw mismatch("an array") }
        let dimensions = load(Int32.self)
        if dimensions == 0 { return [] }
        guard dimensions == 1, bytes.count >= 20 else { throw mismatch("an array of one dimension") }
        let elementType = load(UInt32.self, at: 8)
        let count = Int(load(Int32.self, at: 12))
        // Each element has at least its length, so a wrong count cannot make us allocate more than came.
        guard count >= 0, count <= (bytes.count - 20) / 4 else { throw mismatch("an array") }
        var values: [T] = []
        values.reserveCapacity(count)
        var offset = 20
        for _ in 0..<count {
            guard bytes.count - offset >= 4 else { throw mismatch("an array") }
            let length = Int(load(Int32.self, at: offset))
            offset += 4
            if length == -1 {
                values.append(try element(nil))
                continue
            }
            guard length >= 0, bytes.count - offset >= length else { throw mismatch("an array") }
            let part = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length])
            values.append(try element(Field(type: elementType, bytes: part)))
            offset += length
        }
        guard offset == bytes.count else { throw mismatch("an array") }
        return values
    }
}

extension PQType {
    var isArray: Bool {
        switch self {
        case .boolArray, .byteaArray, .int2Array, .int4Array, .int8Array, .textArray, .uuidArray: true
        case .bool, .bytea, .int8, .int2, .int4, .text, .float8, .uuid, .jsonb: false
        }
    }
}
#endif
