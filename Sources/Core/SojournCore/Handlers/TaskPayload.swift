import Foundation
public import SojournModel

/// The typed arguments of one type of task.
public protocol TaskPayload: Codable, Sendable {
    /// The type, as it stands on the wire.
    static var type: TaskType { get }
}

/// Turns payloads into bytes and back. Chosen once per process.
public protocol PayloadCoder: Sendable {
    /// The bytes of a value.
    func encode(_ value: some Encodable) throws -> [UInt8]
    /// The value in bytes.
    func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value
}

/// Payloads as JSON.
public struct JSONPayloadCoder: PayloadCoder {
    /// A coder with Foundation's defaults and ISO 8601 dates.
    public init() {}

    /// The value as JSON, keys sorted, so that equal values have equal bytes.
    public func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return [UInt8](try encoder.encode(value))
    }

    /// The value that the JSON describes.
    public func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        return try decoder.decode(type, from: Data(bytes))
    }
}
