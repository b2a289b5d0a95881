public import ArgumentParser
public import SojournLoad
public import SojournModel
import SojournWire

/// How arguments are read. A wrong one is answered with the rule that it breaks.
enum Parse {
    /// A name of a type, queue, tenant or tag.
    static func name<Kind: Name>(_ text: String) throws -> Kind {
        guard let name = Kind(rawValue: text) else { throw ValidationError("It must have \(Kind.rule).") }
        return name
    }

    /// A task's identifier.
    static func identifier(_ text: String) throws -> TaskID {
        guard let id = TaskID(text) else {
            throw ValidationError("It must be an identifier such as 01979f3c-5d2a-7cc0-8a4e-0123456789ab.")
        }
        return id
    }

    /// A replay's identifier.
    static func replay(_ text: String) throws -> ReplayID {
        guard let id = ReplayID(text) else {
            throw ValidationError("It must be an identifier such as 0123456789abcdef, as `dlq replays` lists them.")
        }
        return id
    }

    /// An instant as RFC 3339 writes it.
    static func instant(_ text: String) throws -> Timestamp {
        guard let microseconds = RFC3339.parse(text) else {
            throw ValidationError("It must be an instant such as 2026-11-21T04:31:00Z.")
        }
        return Timestamp(microseconds: microseconds)
    }

    /// A length of time as people write it: `500ms`, `30s`, `5m`, `2h`, `1d`; a bare number means seconds.
    static func duration(_ text: String) throws -> Duration {
        let units: [Substring: Double] = ["": 1, "ms": 0.001, "s": 1, "m": 60, "h": 3_600, "d": 86_400]
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let number = Double(digits), let unit = units[text.dropFirst(digits.count)],
            (0...Limits.horizon.inSeconds).contains(number * unit)
        else { throw ValidationError("It must be a time such as 500ms, 30s, 5m, 2h or 1d, of at most ten years.") }
        return .clamping(seconds: number * unit)
    }
}

extension Priority: ExpressibleByArgument {
    /// The priority with that word.
    public init?(argument: String) { self.init(name: argument) }

    /// The words, for the help.
    public static var allValueStrings: [String] { allCases.map(\.name) }

    /// None: the words speak for themselves, and the library would show their numbers.
    public static var allValueDescriptions: [String: String] { [:] }

    /// How a default is shown in the help.
    public var defaultValueDescription: String { name }
}

extension TaskStatus: ExpressibleByArgument {}

extension Arrivals.Process: ExpressibleByArgument {}

extension LoadPreset: ExpressibleByArgument {
    /// The preset of that name.
    public init?(argument: String) {
        guard let preset = Self.all.first(where: { $0.name == argument }) else { return nil }
        self = preset
    }

    /// The names, for the help.
    public static var allValueStrings: [String] { all.map(\.name) }
}
