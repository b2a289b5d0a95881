import Configuration

/// Reads checked values with the types of ``Settings``. A value without `IfSet` has a default in the table.
struct ValueReader {
    private let reader: ConfigReader

    init(_ reader: ConfigReader) { self.reader = reader }

    /// A reader for the group at `path`; a component may contain dots.
    func scoped(_ path: String...) -> ValueReader { ValueReader(reader.scoped(to: ConfigKey(path))) }

    func wholeIfSet(_ name: String) -> Int? { reader.int(forKey: ConfigKey(name)) }
    func numberIfSet(_ name: String) -> Double? { reader.double(forKey: ConfigKey(name)) }
    func textIfSet(_ name: String) -> String? { reader.string(forKey: ConfigKey(name)) }
    func texts(_ name: String) -> [String] { reader.stringArray(forKey: ConfigKey(name), default: []) }
    func secret(_ name: String) -> Secret? { textIfSet(name).map { Secret($0) } }

    func whole(_ name: String) throws(ConfigurationError) -> Int { try required(name, wholeIfSet(name)) }
    func number(_ name: String) throws(ConfigurationError) -> Double { try required(name, numberIfSet(name)) }
    func text(_ name: String) throws(ConfigurationError) -> String { try required(name, textIfSet(name)) }

    func truth(_ name: String) throws(ConfigurationError) -> Bool {
        try required(name, reader.bool(forKey: ConfigKey(name)))
    }

    func choice<Choice: RawRepresentable<String>>(_ name: String) throws(ConfigurationError) -> Choice {
        try required(name, textIfSet(name).flatMap(Choice.init(rawValue:)))
    }

    /// Values under keys that the operator chose; these may contain dots.
    func secrets(_ names: [String]) -> [String: Secret] {
        names.reduce(into: [:]) { secrets, name in
            secrets[name] = reader.string(forKey: ConfigKey([name])).map { Secret($0) }
        }
    }

    private func required<Value>(_ name: String, _ value: Value?) throws(ConfigurationError) -> Value {
        guard let value else { throw ConfigurationError([.init(.defaults, "\(name) has no value")]) }
        return value
    }
}
