#if Postgres
/// A statement ready to be handed to libpq: all values in one piece of memory.
struct EncodedStatement: Sendable {
    /// A statement is known by its text and the types of its parameters.
    struct Key: Hashable, Sendable {
        let sql: String
        let types: [UInt32]
    }

    let key: Key
    /// All values, one after the other, and one byte more so that an empty value has an address too.
    private(set) var bytes: [UInt8] = []
    /// Where each value begins.
    private(set) var offsets: [Int] = []
    /// How long each value is; -1 is NULL.
    private(set) var lengths: [Int32] = []

    init(_ statement: PQStatement) throws(PQError) {
        let values = statement.parameters
        guard values.count <= 65_535 else {
            throw PQError(.invalidValue, "A statement takes at most 65,535 parameters, not \(values.count).")
        }
        guard !statement.sql.utf8.contains(0) else { throw PQError(.invalidValue, "The SQL text contains NUL.") }
        key = Key(sql: statement.sql, types: values.map(\.type.rawValue))
        offsets.reserveCapacity(values.count)
        lengths.reserveCapacity(values.count)
        for (index, value) in values.enumerated() {
            let start = bytes.count
            offsets.append(start)
            if case .null = value {
                lengths.append(-1)
                continue
            }
            guard bytes.append(value) else {
                throw PQError(.invalidValue, "Parameter $\(index + 1) contains the character NUL; text cannot hold it.")
            }
            guard let length = Int32(exactly: bytes.count - start), length < 1 << 30 else {
                throw PQError(.invalidValue, "Parameter $\(index + 1) is larger than 1 GB.")
            }
            lengths.append(length)
        }
        bytes.append(0)
    }

    /// The values as C wants them, valid inside `body`.
    func withParameters<T>(
        _ body: (_ values: [UnsafePointer<CChar>?], _ lengths: [Int32], _ formats: [Int32]) -> T
    ) -> T {
        bytes.withUnsafeBytes { buffer in
            let base = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            let values = zip(offsets, lengths).map { offset, length in length < 0 ? nil : base.map { $0 + offset } }
            return body(values, lengths, [Int32](repeating: 1, count: values.count))
        }
    }
}
#endif
