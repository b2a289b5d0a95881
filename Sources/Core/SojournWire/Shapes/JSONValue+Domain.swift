import SojournCore
public import SojournModel

// How the nouns of the model stand in JSON. Every error names the field and what is allowed there.
extension JSONValue {
    /// A name of a queue, type, tenant or tag.
    public func name<Kind: Name>(_ kind: Kind.Type = Kind.self) throws(JSONError) -> Kind {
        guard self.kind == .string, let text = try? string(maxBytes: Limits.nameLength),
            let name = Kind(rawValue: text)
        else { throw mismatchOrRule("a name of \(Kind.rule)") }
        return name
    }

    /// A task's identifier.
    public func taskID() throws(JSONError) -> TaskID {
        guard kind == .string, let text = try? string(maxBytes: 36), let id = TaskID(text) else {
            throw mismatchOrRule("a task id such as 01979f3c-5d2a-7cc0-8a4e-0123456789ab")
        }
        return id
    }

    /// The identifier of a replay with a rate.
    func replayID() throws(JSONError) -> ReplayID {
        guard kind == .string, let text = try? string(maxBytes: 16), let id = ReplayID(text) else {
            throw mismatchOrRule("an identifier of sixteen hexadecimal digits")
        }
        return id
    }

    /// The token of a lease.
    public func leaseToken() throws(JSONError) -> LeaseToken {
        guard kind == .string, let text = try? string(maxBytes: 32), let token = LeaseToken(text) else {
            throw mismatchOrRule("the 32 hexadecimal digits that came with the lease")
        }
        return token
    }

    /// A priority by its word.
    public func priority() throws(JSONError) -> Priority {
        guard kind == .string, let text = try? string(maxBytes: 16), let priority = Priority(name: text) else {
            throw mismatchOrRule("one of \(Priority.allCases.map(\.name).joined(separator: ", "))")
        }
        return priority
    }

    /// A length of time in seconds, to the microsecond.
    public func seconds(in allowed: ClosedRange<Duration>) throws(JSONError) -> Duration {
        let number = try double(in: allowed.lowerBound.inSeconds...allowed.upperBound.inSeconds)
        // Rounded: 30.000001 is a little less in binary, and cutting would lose the last microsecond.
        return .microseconds(Int64((number * 1_000_000).rounded()))
    }

    /// A length of time in whole milliseconds.
    public func milliseconds(in allowed: ClosedRange<Duration>) throws(JSONError) -> Duration {
        let bounds =
            Int(allowed.lowerBound.wholeMicroseconds / 1_000)...Int(allowed.upperBound.wholeMicroseconds / 1_000)
        return .milliseconds(try int(in: bounds))
    }

    /// An instant.
    public func timestamp() throws(JSONError) -> Timestamp { Timestamp(microseconds: try instant()) }

    /// An idempotency key.
    public func idempotencyKey() throws(JSONError) -> String {
        guard kind == .string, let text = try? string(maxBytes: Limits.idempotencyKeyLength),
            let key = try? IdempotencyKey.checked(text)
        else { throw mismatchOrRule("1 to \(Limits.idempotencyKeyLength) visible ASCII characters") }
        return key
    }

    /// An error message for people, whatever is in it.
    ///
    /// A report must not be refused because of how its error is worded: NUL and halves of surrogate pairs, which no
    /// store can hold, become U+FFFD, and what is too long is cut.
    public func message() throws(JSONError) -> String {
        guard kind == .string else { throw mismatch(expected: "a string") }
        if let text = try? string(maxBytes: Limits.errorBytes) { return text }
        let mended = JSONEscapes.mended(bytes[range])
        let text = try JSONValue(validating: mended).string(maxBytes: mended.count)
        guard text.utf8.count > Limits.errorBytes else { return text }
        // Cutting may split a character; decoding repairs that.
        return String(decoding: text.utf8.prefix(Limits.errorBytes - 3), as: UTF8.self)
    }

    private func mismatchOrRule(_ expected: String) -> JSONError {
        kind == .string ? error("must be \(expected)") : mismatch(expected: expected)
    }
}

extension JSONEscapes {
    /// A quoted string whose escapes all name characters that stores can hold: the others become U+FFFD.
    static func mended(_ quoted: ArraySlice<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        var at = quoted.startIndex
        while at < quoted.endIndex {
            guard quoted[at] == ASCII.backslash else {
                output.append(quoted[at])
                at += 1
                continue
            }
            // Of the escapes that begin here, the longest that means something: a pair, one character, none.
            let isPair = isUnicode(quoted, at) && isUnicode(quoted, at + 6)
            let lengths = isPair ? [12, 6] : isUnicode(quoted, at) ? [6] : [2]
            let escape = lengths.lazy.map { quoted[at..<at + $0] }.first {
                if case .success = decode($0) { true } else { false }
            }
            output.append(contentsOf: escape ?? [0xEF, 0xBF, 0xBD])
            at += escape?.count ?? 6
        }
        return output
    }

    private static func isUnicode(_ text: ArraySlice<UInt8>, _ at: Int) -> Bool {
        at + 6 < text.endIndex && text[at] == ASCII.backslash && text[at + 1] == 0x75
    }
}

extension JSONWriter {
    /// One field with an identifier.
    mutating func field(_ name: StaticString, _ id: TaskID) { field(name, id.description) }

    /// One field with the token of a lease.
    mutating func field(_ name: StaticString, _ token: LeaseToken) { field(name, token.description) }

    /// One field with a length of time in seconds; nil as `null`.
    package mutating func field(_ name: StaticString, seconds: Duration?) { field(name, seconds?.inSeconds) }

    /// One field with an instant; nil as `null`.
    package mutating func field(_ name: StaticString, _ instant: Timestamp?) {
        field(name, instant: instant?.microseconds)
    }
}
