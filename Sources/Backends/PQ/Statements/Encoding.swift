#if Postgres
extension [UInt8] {
    /// Writes a value in Postgres' binary format. False if a text contains NUL; then what was written is of no use.
    mutating func append(_ value: PQValue) -> Bool {
        switch value {
        case .null: break
        case .bool(let value): append(value ? 1 : 0)
        case .int2(let value): appendInteger(value)
        case .int4(let value): appendInteger(value)
        case .int8(let value): appendInteger(value)
        case .float8(let value): appendInteger(value.bitPattern)
        case .text(let value): return appendText(value)
        case .bytea(let value): append(contentsOf: value)
        case .uuid(let value): appendUUID(value)
        case .jsonb(let value):
            append(1)
            return appendText(value)
        case .boolArray(let values):
            appendArray(values, of: .bool, size: 1) { $1.storeBytes(of: $0 ? 1 : 0, as: UInt8.self) }
        case .int2Array(let values): appendIntegers(values, of: .int2)
        case .int4Array(let values): return appendIntegers(values, of: .int4)
        case .int8Array(let values): return appendIntegers(values, of: .int8)
        case .uuidArray(let values):
            appendArray(values, of: .uuid, size: 16) { value, place in
                place.storeBytes(of: value.high.bigEndian, as: UInt64.self)
                place.storeBytes(of: value.low.bigEndian, toByteOffset: 8, as: UInt64.self)
            }
        case .textArray(let values): return appendOptionals(values, of: .text) { $0.appendText($1) }
        case .byteaArray(let values):
            return appendOptionals(values, of: .bytea) { bytes, value in
                bytes.append(contentsOf: value)
                return true
            }
        }
        return true
    }

    private mutating func appendInteger(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }

    private mutating func appendUUID(_ value: PQUUID) {
        appendInteger(value.high)
        appendInteger(value.low)
    }

    private mutating func appendText(_ text: String) -> Bool {
        let start = count
        append(contentsOf: text.utf8)
        return !self[start...].contains(0)
    }

    /// Dimensions, whether there are NULLs, the type, the length, and that counting starts at 1.
    private mutating func appendArrayHead(_ count: Int, of type: PQType, hasNull: Bool) {
        appendInteger(Int32(count == 0 ? 0 : 1))
        appendInteger(Int32(hasNull ? 1 : 0))
        appendInteger(type.rawValue)
        guard count > 0 else { return }
        appendInteger(Int32(truncatingIfNeeded: count))
        appendInteger(Int32(1))
    }

    private mutating func appendIntegers<T: FixedWidthInteger>(_ values: [T?], of type: PQType) -> Bool {
        let present = values.compactMap { $0 }
        if present.count == values.count {
            appendIntegers(present, of: type)
            return true
        }
        return appendOptionals(values, of: type) { bytes, value in
            bytes.appendInteger(value)
            return true
        }
    }

    private mutating func appendIntegers<T: FixedWidthInteger>(_ values: [T], of type: PQType) {
        appendArray(values, of: type, size: MemoryLayout<T>.size) { $1.storeBytes(of: $0.bigEndian, as: T.self) }
    }

    /// An array of elements that all have `size` bytes: one piece of memory, filled in one pass.
    private mutating func appendArray<T>(
        _ values: [T], of type: PQType, size: Int, _ store: (T, UnsafeMutableRawPointer) -> Void
    ) {
        appendArrayHead(values.count, of: type, hasNull: false)
        let start = count
        let step = 4 + size
        append(contentsOf: repeatElement(0, count: values.count * step))
        withUnsafeMutableBytes { buffer in
            guard var place = buffer.baseAddress.map({ $0 + start }) else { return }
            let length = Int32(size).bigEndian
            for value in values {
                place.storeBytes(of: length, as: Int32.self)
                store(value, place + 4)
                place += step
            }
        }
    }

    private mutating func appendOptionals<T>(
        _ values: [T?], of type: PQType, _ write: (inout [UInt8], T) -> Bool
    ) -> Bool {
        appendArrayHead(values.count, of: type, hasNull: values.contains { $0 == nil })
        for value in values {
            guard let value else {
                appendInteger(Int32(-1))
                continue
            }
            let start = count
            appendInteger(Int32(0))
            guard write(&self, value) else { return false }
            let length = Int32(truncatingIfNeeded: count - start - 4).bigEndian
            withUnsafeMutableBytes { $0.storeBytes(of: length, toByteOffset: start, as: Int32.self) }
        }
        return true
    }
}
#endif
