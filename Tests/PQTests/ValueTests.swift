#if Postgres
import PQ
import PostgresTestKit
import Testing

@Suite("Values", .enabled(if: PostgresProcess.isAvailable)) struct ValueTests {
    /// The server's own words for a value prove that it understood it.
    static let words: [(PQValue, String, String)] = [
        (.bool(true), "true", "boolean"), (.bool(false), "false", "boolean"),
        (.int2(-2), "-2", "smallint"), (.int2(.max), "32767", "smallint"),
        (.int4(.min), "-2147483648", "integer"), (.int8(.min), "-9223372036854775808", "bigint"),
        (.int8(.max), "9223372036854775807", "bigint"), (.float8(-1.5), "-1.5", "double precision"),
        (.float8(.infinity), "Infinity", "double precision"), (.float8(.nan), "NaN", "double precision"),
        (.text(""), "", "text"), (.text("žluťoučký 🐎 'x' \\"), "žluťoučký 🐎 'x' \\", "text"),
        (.bytea([]), "\\x", "bytea"), (.bytea([0, 1, 255]), "\\x0001ff", "bytea"),
        (
            .uuid(high: 0x0123_4567_89ab_cdef, low: 0xfedc_ba98_7654_3210),
            "01234567-89ab-cdef-fedc-ba9876543210", "uuid"
        ),
        (.jsonb("{\"a\": [1, null]}"), "{\"a\": [1, null]}", "jsonb"),
        (.boolArray([]), "{}", "boolean[]"), (.boolArray([true, false]), "{t,f}", "boolean[]"),
        (.int2Array([]), "{}", "smallint[]"), (.int2Array([1, -1]), "{1,-1}", "smallint[]"),
        (.int4Array([]), "{}", "integer[]"), (.int4Array([.max, 0]), "{2147483647,0}", "integer[]"),
        (.int8Array([]), "{}", "bigint[]"), (.int8Array([.min]), "{-9223372036854775808}", "bigint[]"),
        (.textArray([]), "{}", "text[]"), (.textArray(["a", nil, ""]), "{a,NULL,\"\"}", "text[]"),
        (.byteaArray([]), "{}", "bytea[]"), (.byteaArray([[7], nil, []]), "{\"\\\\x07\",NULL,\"\\\\x\"}", "bytea[]"),
        (.uuidArray([]), "{}", "uuid[]"),
        (.uuidArray([PQUUID(high: 1, low: 2)]), "{00000000-0000-0001-0000-000000000002}", "uuid[]"),
    ]

    @Test func theServerUnderstands() async throws {
        try await withServer { _, pool in
            for (value, text, type) in Self.words {
                let result = try await pool.run("SELECT $1::text, pg_typeof($1)::text, $1", [value])
                #expect(try result.text(0, 0) == text, "\(value)")
                #expect(try result.text(0, 1) == type, "\(value)")
                #expect(try Self.read(result, as: value) || text == "NaN", "\(value)")
            }
            for type in PQType.allCases {
                let result = try await pool.run("SELECT $1, $1 IS NULL", [.null(type)])
                #expect(try result.isNull(0, 0) && result.bool(0, 1), "\(type)")
            }
        }
    }

    /// Whether the third column is the value that was sent.
    static func read(_ result: PQResult, as value: PQValue) throws -> Bool {
        switch value {
        case .null: try result.isNull(0, 2)
        case .bool(let value): try result.bool(0, 2) == value && result.boolOrNil(0, 2) == value
        case .int2(let value): try result.int(0, 2) == Int(value)
        case .int4(let value): try result.int(0, 2) == Int(value) && result.intOrNil(0, 2) == Int(value)
        case .int8(let value): try result.int8(0, 2) == value && result.int8OrNil(0, 2) == value
        case .float8(let value): try result.float8(0, 2) == value && result.float8OrNil(0, 2) == value
        case .text(let value): try result.text(0, 2) == value && result.textOrNil(0, 2) == value
        case .jsonb(let value): try result.text(0, 2) == value
        case .bytea(let value): try result.bytes(0, 2) == value && result.bytesOrNil(0, 2) == value
        case .uuid(let value): try result.uuid(0, 2) == value && result.uuidOrNil(0, 2) == value
        case .boolArray(let values): try result.boolArray(0, 2) == values
        case .int2Array(let values): try result.int8Array(0, 2) == values.map { Int64($0) }
        case .int4Array(let values): try result.int8Array(0, 2) == values.compactMap { $0.map { Int64($0) } }
        case .int8Array(let values): try result.int8Array(0, 2) == values.compactMap { $0 }
        case .textArray(let values): try result.textArray(0, 2) == values
        case .byteaArray(let values): try result.bytesArray(0, 2) == values
        case .uuidArray(let values): try result.uuidArray(0, 2) == values
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: [false, true])
    func largeValues(isEncrypted: Bool) async throws {
        try await withServer(isEncrypted: isEncrypted, change: { if isEncrypted { $0.url += "?sslmode=require" } }) {
            _, pool in
            let tls = try await pool.run("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
            #expect(try tls.bool(0, 0) == isEncrypted)
            // Sizes around those of TLS records and of libpq's buffer.
            for size in stride(from: 8_000, to: 70_000, by: 997) {
                let text = try await pool.run("SELECT repeat('x', $1)", [.int4(Int32(size))]).text(0, 0)
                #expect(text.utf8.count == size)
            }
            let bytes = (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let numbers = (0..<5_000).map { Int64($0) * 1_000_003 - 7 }
            let sql = "SELECT $1, length($1), $2, (SELECT sum(n)::bigint FROM unnest($2) n)"
            let result = try await pool.run(sql, [.bytea(bytes), .int8Array(numbers)])
            #expect(try result.bytes(0, 0) == bytes)
            #expect(try result.int(0, 1) == 1 << 20)
            #expect(try result.int8Array(0, 2) == numbers)
            #expect(try result.int8(0, 3) == numbers.reduce(0, +))
            let many = try await pool.run(
                (0..<32).map { _ in PQStatement("SELECT $1, $2", [.bytea(bytes), .int8Array(numbers)]) })
            #expect(try many.allSatisfy { try $0.bytes(0, 0) == bytes })
        }
    }

    @Test func wrongReadsThrow() async throws {
        try await withServer { _, pool in
            let result = try await pool.run("SELECT 1::int8, NULL::int8, 'a'::text, ARRAY[1, NULL], ARRAY[[1], [2]]")
            let reads: [(PQResult) throws -> Void] = [
                { _ = try $0.text(0, 0) }, { _ = try $0.bool(0, 0) },
                { _ = try $0.uuid(0, 0) }, { _ = try $0.bytes(0, 0) },
                { _ = try $0.int8(0, 1) }, { _ = try $0.int8(0, 2) },
                { _ = try $0.int8(1, 0) }, { _ = try $0.int8(0, 9) },
                { _ = try $0.int8(-1, 0) }, { _ = try $0.isNull(0, -1) },
                { _ = try $0.int8Array(0, 3) },
                { _ = try $0.int8Array(0, 4) },
                { _ = try $0.textArray(0, 3) },
                { _ = try $0.int8Array(0, 0) },
                { _ = try $0.float8(0, 0) },
            ]
            for (index, read) in reads.enumerated() {
                let error = #expect(throws: PQError.self, "\(index)") { try read(result) }
                #expect(error?.code == .protocolViolation, "\(index)")
            }
            #expect(try result.int8OrNil(0, 1) == nil)
            let insert = try await pool.run([
                PQStatement("CREATE TEMP TABLE a (n int)"), PQStatement("INSERT INTO a SELECT generate_series(1, 7)"),
            ])
            #expect(insert[1].affected == 7 && insert[1].rowCount == 0)
        }
    }

    @Test func whatCannotBeSentIsNotSent() async throws {
        try await withServer { _, pool in
            let bad: [PQValue] = [.text("a\0b"), .textArray(["a", "\0"]), .jsonb("\"\0\"")]
            for value in bad {
                let error = await failure { () throws(PQError) in try await pool.discard("SELECT $1", [value]) }
                #expect(error?.code == .invalidValue && error?.mayHaveExecuted == false, "\(value)")
            }
            let error = await failure { () throws(PQError) in try await pool.discard("SELECT 1\0 + 1") }
            #expect(error?.code == .invalidValue)
            #expect(pool.counts.open == 0)
        }
    }
}
#endif
