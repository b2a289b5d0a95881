#if HTTP
import SojournWire

/// A JSON Schema, as far as the API description needs one.
indirect enum Schema: Sendable, JSONWritable {
    case string(format: String? = nil, choices: [String] = [], maxLength: Int? = nil)
    case integer(ClosedRange<Int>? = nil)
    case number(ClosedRange<Double>? = nil)
    case boolean
    case any
    case array(Schema, maxItems: Int? = nil)
    case table(Schema)
    case object([Property], required: [String] = [], isClosed: Bool = false)
    case nullable(Schema)
    case reference(String)

    struct Property: Sendable {
        let name: String
        let schema: Schema
        let description: String?

        init(_ name: String, _ schema: Schema, _ description: String? = nil) {
            self.name = name
            self.schema = schema
            self.description = description
        }
    }

    func write(to writer: inout JSONWriter) { writer.object { writeFields(to: &$0) } }

    private func writeFields(to writer: inout JSONWriter) {
        switch self {
        case .string(let format, let choices, let maxLength):
            writer.field("type", "string")
            if let format { writer.field("format", format) }
            if !choices.isEmpty { writer.array("enum", choices) }
            if let maxLength { writer.field("maxLength", maxLength) }
        case .integer(let range):
            writer.field("type", "integer")
            if let range {
                writer.field("minimum", range.lowerBound)
                writer.field("maximum", range.upperBound)
            }
        case .number(let range):
            writer.field("type", "number")
            if let range {
                writer.field("minimum", range.lowerBound)
                writer.field("maximum", range.upperBound)
            }
        case .boolean: writer.field("type", "boolean")
        case .any: break
        case .array(let items, let maxItems):
            writer.field("type", "array")
            writer.field("items", items)
            if let maxItems { writer.field("maxItems", maxItems) }
        case .table(let values):
            writer.field("type", "object")
            writer.field("additionalProperties", values)
        case .object(let properties, let required, let isClosed):
            writeObject(properties, required, isClosed, to: &writer)
        case .nullable(let schema):
            writer.array("anyOf") {
                $0.value(schema)
                $0.object { $0.field("type", "null") }
            }
        case .reference(let name): writer.field("$ref", "#/components/schemas/\(name)")
        }
    }

    private func writeObject(
        _ properties: [Property], _ required: [String], _ isClosed: Bool, to writer: inout JSONWriter
    ) {
        writer.field("type", "object")
        writer.object("properties") { writer in
            for property in properties {
                writer.key(named: property.name)
                writer.object {
                    property.schema.writeFields(to: &$0)
                    if let description = property.description { $0.field("description", description) }
                }
            }
        }
        if !required.isEmpty { writer.array("required", required) }
        if isClosed { writer.field("additionalProperties", false) }
    }
}
#endif
