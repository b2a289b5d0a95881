#if HTTP
import Foundation

/// Python, for what is best checked from outside of Swift.
enum Python {
    /// Whether `modules` can be imported.
    static func has(_ modules: String) -> Bool {
        (try? run(["-c", "import \(modules)"], input: [])).map { $0.status == 0 } ?? false
    }

    /// Runs Python to its end; its exit status and what it printed.
    static func run(_ arguments: [String], input: [UInt8]) throws -> (status: Int32, output: String) {
        let process = process(arguments)
        let (standardInput, output) = (Pipe(), Pipe())
        process.standardInput = standardInput
        process.standardOutput = output
        try process.run()
        try standardInput.fileHandleForWriting.write(contentsOf: input)
        try standardInput.fileHandleForWriting.close()
        let printed = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: printed, as: UTF8.self))
    }

    /// Starts a process that can be stopped: the threads of Swift's tasks block signals, and a child inherits that.
    static func start(_ process: Process) async throws {
        try await RawSocket.onThread {
            var all = sigset_t()
            sigfillset(&all)
            pthread_sigmask(SIG_UNBLOCK, &all, nil)
            try process.run()
        }
    }

    /// Python with arguments, not yet started.
    static func process(_ arguments: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3"] + arguments
        process.standardError = FileHandle.nullDevice
        return process
    }
}
#endif
