import SojournModel
import Subprocess

/// A server program that runs while something is measured.
///
/// Not `Foundation.Process`: started from a thread of the pool, its child inherits a mask that blocks `SIGTERM`, and
/// `waitUntilExit` then computes for ever.
enum BenchServer {
    /// Starts `program`, which is found on the PATH, and stops it when `body` is over.
    ///
    /// - Throws: What `body` throws, or ``CommandFailure`` where the program does not start.
    static func run<Value: Sendable>(
        _ program: String, _ arguments: [String], while body: @Sendable () async throws -> Value
    ) async throws -> Value {
        let configuration = configuration(program, arguments)
        let outcome: Result<Value, any Error>
        do {
            outcome = try await Subprocess.run(configuration, input: .none, output: .discarded, error: .discarded) {
                execution in
                let outcome: Result<Value, any Error>
                do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
                await execution.teardown(using: configuration.platformOptions.teardownSequence)
                return outcome
            }.closureResult
        } catch {
            throw CommandFailure("\(program) does not start: \(error).")
        }
        return try outcome.get()
    }

    /// Runs a program to its end.
    ///
    /// - Throws: ``CommandFailure`` where it does not start, or fails.
    static func finish(_ words: [String]) async throws {
        guard let program = words.first else { return }
        let result = try await Subprocess.run(
            configuration(program, Array(words.dropFirst())), input: .none, output: .discarded,
            error: .string(limit: 65_536))
        if case .exited(0) = result.terminationStatus { return }
        throw CommandFailure("\(words.joined(separator: " ")) failed: \(result.standardError)")
    }

    private static func configuration(_ program: String, _ arguments: [String]) -> Subprocess.Configuration {
        var options = PlatformOptions()
        // Ctrl-C in the terminal is for this process.
        options.processGroupID = 0
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(5))]
        return Subprocess.Configuration(
            executable: .name(program), arguments: Arguments(arguments), platformOptions: options)
    }
}
