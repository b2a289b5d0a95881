/// A short name that travels through stores, URLs, metrics and logs: 1 to 128 of `A-Z a-z 0-9 . _ : -`.
///
/// The rule keeps names safe as Redis keys (no braces), as label values and in shells.
public protocol Name: RawRepresentable<String>, Hashable, Sendable, Codable, Comparable, ExpressibleByStringLiteral,
    CustomStringConvertible
{
    /// Takes a name that was checked before, from a store of our own.
    init(trusted rawValue: String)
}

extension Name {
    /// The rule in words, for messages.
    public static var rule: String { "1 to \(Limits.nameLength) characters of A-Z a-z 0-9 . _ : -" }

    /// A name, or nil where `rawValue` breaks the rule.
    public init?(rawValue: String) {
        guard (1...Limits.nameLength).contains(rawValue.utf8.count), rawValue.utf8.allSatisfy(isNameByte) else {
            return nil
        }
        self.init(trusted: rawValue)
    }

    /// A name written in source code; a wrong one is a mistake of the programmer and stops the program.
    public init(stringLiteral value: String) {
        precondition(Self(rawValue: value) != nil, "A name has \(Self.rule).")
        self.init(trusted: value)
    }

    /// The name itself.
    public var description: String { self.rawValue }

    /// Names are ordered as their bytes are.
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}

private func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "-"): true
    default: false
    }
}

/// Which handler runs a task, as `email.send`.
public struct TaskType: Name {
    /// The name itself.
    public let rawValue: String
    /// Takes a name that was checked before.
    public init(trusted rawValue: String) { self.rawValue = rawValue }
}

/// A named line of tasks with one SLA.
public struct QueueName: Name {
    /// The name itself.
    public let rawValue: String
    /// Takes a name that was checked before.
    public init(trusted rawValue: String) { self.rawValue = rawValue }
    /// The queue of a task that names none.
    public static let `default`: QueueName = "default"
}

/// Whom a task belongs to.
public struct Tenant: Name {
    /// The name itself.
    public let rawValue: String
    /// Takes a name that was checked before.
    public init(trusted rawValue: String) { self.rawValue = rawValue }
    /// The tenant of a task that names none.
    public static let `default`: Tenant = "default"
}
