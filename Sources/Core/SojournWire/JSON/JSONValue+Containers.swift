extension JSONValue {
    /// The fields of this object, one level deep. Field names are decoded, values stay bytes.
    ///
    /// Two fields of one name are refused, because readers disagree about which of them counts.
    /// - Parameter maxFields: more fields than this are refused.
    public func object(maxFields: Int = 256) throws(JSONError) -> JSONObject {
        guard kind == .object else { throw mismatch(expected: JSONKind.object.phrase) }
        let path = path
        var cursor = JSONCursor(bytes, at: range.lowerBound)
        var fields = JSONObject.Fields()
        cursor.advance()
        while cursor.byte == ASCII.quote {
            guard fields.count < maxFields else { throw error("must have at most \(maxFields) fields") }
            let name = try fieldName(at: cursor.takeValue().range, parent: path)
            cursor.advance()  // the colon
            let (kind, range) = cursor.takeValue()
            guard fields.append(.init(name: name, kind: kind, range: range)) else {
                let place = JSONPath.field(name: name, parent: path)
                throw JSONError(path: place.description, message: "appears more than once")
            }
            if cursor.byte == ASCII.comma { cursor.advance() }
        }
        return JSONObject(bytes: bytes, path: path, fields: fields)
    }

    /// The elements of this array, unopened.
    /// - Parameter maxCount: more elements than this are refused.
    public func array(maxCount: Int) throws(JSONError) -> [JSONValue] {
        let expected = "an array of at most \(maxCount) elements"
        guard kind == .array else { throw mismatch(expected: expected) }
        let path = path
        var cursor = JSONCursor(bytes, at: range.lowerBound)
        var elements: [JSONValue] = []
        cursor.advance()
        while cursor.byte != ASCII.closeBracket {
            guard elements.count < maxCount else { throw error("must be \(expected), but has more") }
            let (kind, range) = cursor.takeValue()
            let place = JSONPath.element(index: elements.count, parent: path)
            elements.append(JSONValue(kind: kind, bytes: bytes, range: range, place: place))
            if cursor.byte == ASCII.comma { cursor.advance() }
        }
        return elements
    }

    /// The longest field name of an object that is opened, in bytes of UTF-8.
    private static let maxNameBytes = 256

    private func fieldName(at range: Range<Int>, parent: String) throws(JSONError) -> String {
        let name = JSONValue(
            kind: .string, bytes: bytes, range: range, place: .field(name: "(a field name)", parent: parent))
        return try name.string(maxBytes: Self.maxNameBytes)
    }
}
