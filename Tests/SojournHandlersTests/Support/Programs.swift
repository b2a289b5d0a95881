import Foundation
import SojournModel
import SojournTestKit
import Testing

@testable import SojournHandlers

/// Runs shell scripts written by a test, each in a folder of its own.
struct Script {
    let folder: URL

    /// Writes the script and hands it to `body`; it runs in its folder.
    static func with<Result>(_ text: String, _ body: (Script) async throws -> Result) async throws -> Result {
        try await TemporaryFolder.with { folder in
            try text.write(to: folder.appendingPathComponent("script"), atomically: true, encoding: .utf8)
            return try await body(Script(folder: folder))
        }
    }

    func handler(timeout: Duration = .seconds(60), arguments: [String] = []) throws -> ExecHandler {
        try ExecHandler(
            .init(command: ["/bin/sh", "script"] + arguments, directory: folder.path, timeout: timeout))
    }

    /// One attempt of the script.
    func run(timeout: Duration = .seconds(60), payload: [UInt8] = []) async throws -> Outcome {
        try await handler(timeout: timeout).handle(payload, context: Attempt.context())
    }

    /// The process number that the script wrote to `file`; nil before it did.
    func process(in file: String) -> Int32? {
        let text = try? String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
        return text.flatMap { $0.hasSuffix("\n") ? Int32($0.dropLast()) : nil }
    }

    /// Waits until the process in `file` is gone.
    func expectGone(_ file: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let number = try #require(process(in: file), sourceLocation: sourceLocation)
        try await eventually("\(file) is gone", sourceLocation: sourceLocation) { !isRunning(number) }
    }
}

/// Whether a process is there and not just waiting for its parent to read its exit code.
func isRunning(_ process: Int32) -> Bool {
    guard kill(process, 0) == 0 else { return false }
    guard let state = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return true }
    return !state.drop { $0 != ")" }.hasPrefix(") Z")
}
