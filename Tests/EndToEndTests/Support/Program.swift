import Foundation
import Synchronization

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// A program that runs beside the test. What it writes goes to files, so that it never waits for a reader.
final class Program: Sendable {
    /// How a program ended.
    enum Ending: Equatable {
        case exit(Int32)
        case signal(Int32)
    }

    /// Its process number.
    let pid: Int32
    private let outputFile: URL
    private let errorFile: URL
    private let end: End

    /// Starts a program in `folder`. It finds the variables given and no others, except where programs are.
    init(
        _ arguments: [String], program: String = Binary.path, environment: [String: String] = [:],
        input: String? = nil, in folder: URL
    ) throws {
        let process = Process()
        let name = UUID().uuidString
        outputFile = folder.appendingPathComponent("\(name).out")
        errorFile = folder.appendingPathComponent("\(name).err")
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        process.environment = ["PATH": path].merging(environment) { $1 }
        process.standardOutput = try Self.create(outputFile)
        process.standardError = try Self.create(errorFile)
        process.standardInput = try Self.open(input, in: folder, name)
        let end = End()
        process.terminationHandler = { process in
            let status = process.terminationStatus
            end.set(process.terminationReason == .uncaughtSignal ? .signal(status) : .exit(status))
        }
        try process.run()
        pid = process.processIdentifier
        self.end = end
    }

    /// What it has written to standard output so far.
    var output: String { Self.read(outputFile) }
    /// What it has written to standard error so far.
    var errors: String { Self.read(errorFile) }
    /// How it ended, if it did.
    var ending: Ending? { end.ending }

    /// Sends it a signal.
    func send(_ signal: Int32) { if ending == nil { _ = kill(pid, signal) } }

    /// Waits until it has ended; kills it where that takes too long.
    @discardableResult
    func wait(within limit: Duration = .seconds(60)) async throws -> Ending {
        do {
            return try await eventually("the end of process \(pid)", within: limit) { ending }
        } catch {
            send(SIGKILL)
            throw error
        }
    }

    private static func create(_ file: URL) throws -> FileHandle {
        try Data().write(to: file)
        return try FileHandle(forWritingTo: file)
    }

    private static func open(_ input: String?, in folder: URL, _ name: String) throws -> FileHandle {
        guard let input else { return FileHandle.nullDevice }
        let file = folder.appendingPathComponent("\(name).in")
        try Data(input.utf8).write(to: file)
        return try FileHandle(forReadingFrom: file)
    }

    private static func read(_ file: URL) -> String {
        (try? Data(contentsOf: file)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}

/// Where the system tells that the program is over.
private final class End: Sendable {
    private let state = Mutex<Program.Ending?>(nil)

    var ending: Program.Ending? { state.withLock { $0 } }

    func set(_ ending: Program.Ending) { state.withLock { $0 = ending } }
}
