#if HTTP
import Foundation
import SojournTestKit

/// Python, for what is best checked from outside of Swift.
enum Python {
    /// Whether `modules` can be imported.
    static func has(_ modules: String) -> Bool { (try? Child.run(["python3", "-c", "import \(modules)"])) != nil }

    /// Runs a script that reads `input`; its end and what it printed.
    static func run(_ script: String, input: [UInt8]) async throws -> (ending: Child.Ending, output: String) {
        try await TemporaryFolder.with { folder in
            let (inputFile, output) = (folder.appending(path: "input"), folder.appending(path: "output"))
            try Data(input).write(to: inputFile)
            let ending = try await onThread {
                try Child(
                    ["python3", "-c", script], input: inputFile.path, output: output.path, errors: "/dev/null"
                ).wait()
            }
            return (ending, try String(contentsOf: output, encoding: .utf8))
        }
    }
}
#endif
