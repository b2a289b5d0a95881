import ArgumentParser
import Foundation
import SojournModel
import SojournWire

/// A payload on the command line: JSON, `@file` that holds it, or `-` for standard input.
struct PayloadArgument: ExpressibleByArgument {
    private let text: String

    init?(argument: String) { text = argument }

    /// The JSON, byte for byte.
    func bytes() throws(CommandFailure) -> [UInt8] {
        let bytes = try read()
        guard bytes.count <= Limits.payloadBytes else {
            throw CommandFailure(
                .usage, "--payload must have at most \(Limits.payloadBytes) bytes, but has \(bytes.count).")
        }
        do {
            return try JSONValue(validating: bytes).raw
        } catch {
            throw CommandFailure(.usage, "--payload must be JSON: \(error).")
        }
    }

    private func read() throws(CommandFailure) -> [UInt8] {
        do {
            // One byte too many tells a payload that is too long.
            if text == "-" {
                return [UInt8](try FileHandle.standardInput.read(upToCount: Limits.payloadBytes + 1) ?? Data())
            }
            guard text.hasPrefix("@") else { return Array(text.utf8) }
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: String(text.dropFirst())))
            defer { try? file.close() }
            return [UInt8](try file.read(upToCount: Limits.payloadBytes + 1) ?? Data())
        } catch {
            let reason = error.localizedDescription
            throw CommandFailure(.usage, "--payload \(Visible.line(text)) cannot be read: \(reason)")
        }
    }
}
