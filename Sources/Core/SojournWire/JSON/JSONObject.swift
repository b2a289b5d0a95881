/// The fields of one JSON object in the order they were sent, each name once.
public struct JSONObject: Sendable {
    struct Field: Sendable {
        let name: String
        let kind: JSONKind
        let range: Range<Int>
    }

    /// Where the object stands, such as `retry`; empty for the whole text.
    public let path: String
    private let bytes: [UInt8]
    private let fields: [Field]

    init(bytes: [UInt8], path: String, fields: Fields) {
        self.bytes = bytes
        self.path = path
        self.fields = fields.list
    }

    /// The names of the fields, in the order they were sent.
    public var names: [String] { fields.map(\.name) }

    /// The names and values of the fields, in the order they were sent.
    public var entries: [(name: String, value: JSONValue)] { fields.map { ($0.name, value(of: $0)) } }

    /// The value of the field, also when it is `null`; nil when there is no such field.
    public subscript(name: String) -> JSONValue? {
        fields.first { $0.name.isSame(as: name) }.map(value(of:))
    }

    /// The value of the field; nil when it is absent or `null`, which mean the same.
    public func optional(_ name: String) -> JSONValue? {
        guard let value = self[name], !value.isNull else { return nil }
        return value
    }

    /// The value of the field, which must be there and must not be `null`.
    public func required(_ name: String) throws(JSONError) -> JSONValue {
        guard let value = optional(name) else {
            let place = JSONPath.field(name: name, parent: path)
            throw JSONError(path: place.description, message: "is required")
        }
        return value
    }

    private func value(of field: Field) -> JSONValue {
        let place = JSONPath.field(name: field.name, parent: path)
        return JSONValue(kind: field.kind, bytes: bytes, range: field.range, place: place)
    }
}

extension JSONObject {
    /// Collects fields and notices a name that comes twice.
    struct Fields {
        private(set) var list: [Field] = []
        /// Filled only past `few` fields: below, looking through the list is faster than hashing.
        private var names: Set<String> = []
        private static let few = 16

        var count: Int { list.count }

        /// False, and nothing is added, when the name is there already.
        mutating func append(_ field: Field) -> Bool {
            if list.isEmpty { list.reserveCapacity(Self.few) }
            if list.count < Self.few {
                if list.contains(where: { $0.name.isSame(as: field.name) }) { return false }
            } else {
                if names.isEmpty { names = Set(list.map(\.name)) }
                guard names.insert(field.name).inserted else { return false }
            }
            list.append(field)
            return true
        }
    }
}

extension String {
    /// Equality for field names. The length is compared first: it is cheap, and it tells `K` from the Kelvin sign,
    /// which Swift's `==` on its own does not.
    func isSame(as other: String) -> Bool {
        utf8.count == other.utf8.count && self == other
    }
}
