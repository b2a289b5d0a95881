import Foundation
import SojournTestKit

/// A program that runs beside the test. What it writes goes to files, so that it never waits for a reader.
struct Program: Sendable {
    private let child: Child
    private let outputFile: URL
    private let errorFile: URL

    /// Starts a program in `folder`. It finds the variables given and no others, except where programs are.
    init(
        _ arguments: [String], program: String = Binary.path, environment: [String: String] = [:],
        input: String? = nil, in folder: URL
    ) throws {
        let name = folder.appendingPathComponent(UUID().uuidString)
        let inputFile = name.appendingPathExtension("in")
        outputFile = name.appendingPathExtension("out")
        errorFile = name.appendingPathExtension("err")
        if let input { try Data(input.utf8).write(to: inputFile) }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        child = try Child(
            [program] + arguments, in: folder.path, environment: ["PATH": path].merging(environment) { $1 },
            input: input == nil ? "/dev/null" : inputFile.path, output: outputFile.path, errors: errorFile.path)
    }

    /// Its process number.
    var pid: Int32 { child.pid }
    /// What it has written to standard output so far.
    var output: String { Self.read(outputFile) }
    /// What it has written to standard error so far.
    var errors: String { Self.read(errorFile) }
    /// How it ended, if it did.
    var ending: Child.Ending? { child.ending }

    /// Sends it a signal.
    func send(_ signal: Int32) { child.send(signal) }

    /// Waits until it has ended; kills it where that takes too long.
    @discardableResult
    func wait(within limit: Duration = .seconds(60)) async throws -> Child.Ending {
        do {
            return try await eventually("the end of process \(pid)", within: limit) { ending }
        } catch {
            send(SIGKILL)
            throw error
        }
    }

    private static func read(_ file: URL) -> String {
        (try? Data(contentsOf: file)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
