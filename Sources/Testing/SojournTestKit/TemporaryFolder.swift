public import Foundation

/// A folder of its own for one test.
public enum TemporaryFolder {
    /// Makes a folder, hands it to `body`, and deletes it.
    public static func with<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
        let name = "sojourn-test-\(UInt64.random(in: .min ... .max))"
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder)
    }
}
