import Foundation
public import SojournCore
public import SojournModel
import Subprocess

/// Runs a program for each attempt: the payload on its standard input, its standard output as the result.
///
/// | how it ends | outcome |
/// | --- | --- |
/// | exit 0 | succeeded |
/// | exit 75 (`EX_TEMPFAIL`) and every other code | failed, retried |
/// | exit 64 (`EX_USAGE`) or 65 (`EX_DATAERR`) | failed, not retried: the same payload would fail again |
/// | a signal | failed, retried |
/// | the time limit | failed, retried; the program and all its descendants are killed |
///
/// The program finds the variables of its settings, `PATH`, `SOJOURN_TASK_ID`, `SOJOURN_TASK_TYPE` and
/// `SOJOURN_ATTEMPT`, and no others. It runs in a session of its own; whatever of its process group is left when it
/// ends is killed, so an attempt that is over leaves nothing behind. Only a descendant that makes itself a session of
/// its own can escape, and even that one does not hold up the attempt. For limits on memory or processor time begin the
/// command with `prlimit` or the like.
public struct ExecHandler: Sendable {
    private let settings: Settings
    private let time: any TimeSource

    /// How long a program may take to end itself once it was asked to, by SIGTERM.
    static let grace: Duration = .milliseconds(500)

    /// A handler for one program. `time` measures the time limit.
    public init(_ settings: Settings, time: any TimeSource = SystemTime()) throws(InvalidHandlerSettings) {
        try settings.check()
        self.settings = settings
        self.time = time
        Self.ignoreBrokenPipes
    }

    /// Makes one attempt: runs the program once. Cancellation kills it.
    public func handle(_ payload: [UInt8], context: TaskContext) async throws -> Outcome {
        try Task.checkCancellation()
        let output = ProgramOutput(outputLimit: settings.maxOutputBytes)
        let end: ProgramEnd
        do {
            end = try await run(payload, context: context, output: output)
        } catch let error as SubprocessError {
            end = .didNotStart(String(describing: error))
        }
        try Task.checkCancellation()
        return end.outcome(of: settings.command[0], kept: output.kept)
    }

    private func run(_ payload: [UInt8], context: TaskContext, output: ProgramOutput) async throws -> ProgramEnd {
        let result = try await Subprocess.run(
            configuration(for: context), input: .inputWriter, output: .sequence, error: .sequence
        ) { program in
            async let input: Void = feed(payload, to: program.standardInputWriter)
            async let written: Void = drain(program.standardOutput, into: output.take(output:))
            async let complained: Void = drain(program.standardError, into: output.take(errors:))
            let tookTooLong = await watch(program)
            output.programHasExited()
            // The program is not reaped before this closure ends, so its number, which is also the group's, is still
            // its own. There may be nobody left to kill.
            try? program.send(signal: .kill, toProcessGroup: true)
            _ = await (input, written, complained)
            return tookTooLong
        }
        return result.closureResult ? .tookTooLong(settings.timeout) : ProgramEnd(result.terminationStatus)
    }

    /// Returns when the program has exited, at the latest some time after its time limit. True if that was the cause.
    private func watch(_ program: Execution<CustomWriteInput, SequenceOutput, SequenceOutput>) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                await program.waitForExit()
                return false
            }
            group.addTask { [time, settings] in
                // Thrown when the program has exited, or when the attempt is cancelled: then the library kills it.
                guard (try? await time.sleep(for: settings.timeout)) != nil else { return false }
                await program.teardown(using: Self.kill)
                return true
            }
            var tookTooLong = false
            for await hitLimit in group {
                if hitLimit { tookTooLong = true }
                group.cancelAll()
            }
            return tookTooLong
        }
    }

    /// Asks the program and its descendants to end, and makes them end after the grace. Ends with SIGKILL by itself.
    private static let kill: [TeardownStep] = [
        .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: grace)
    ]

    private func configuration(for context: TaskContext) -> Subprocess.Configuration {
        var variables = ["PATH": "/usr/local/bin:/usr/bin:/bin"].merging(settings.environment) { $1 }
        variables["SOJOURN_TASK_ID"] = context.id.description
        variables["SOJOURN_TASK_TYPE"] = context.type.rawValue
        variables["SOJOURN_ATTEMPT"] = String(context.attempt)
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = Self.kill
        return Subprocess.Configuration(
            executable: .path(filePath(settings.command[0])),
            arguments: Arguments(Array(settings.command.dropFirst())),
            environment: .custom(
                Dictionary(uniqueKeysWithValues: variables.map { (Environment.Key(stringLiteral: $0), $1) })),
            workingDirectory: settings.directory.map(filePath),
            platformOptions: options)
    }

    /// A program that ends before it has read its input breaks the pipe. By default that is a deadly signal for the
    /// writer, which is this process. (Programs are started with all signals set back to their defaults.)
    private static let ignoreBrokenPipes: Void = {
        _ = signal(SIGPIPE, SIG_IGN)
    }()
}

/// A program is free not to read its input; what counts is how it ends.
private func feed(_ payload: [UInt8], to input: StandardInputWriter) async {
    _ = try? await input.write(payload)
    try? await input.finish()
}

private func drain(_ stream: SubprocessOutputSequence, into take: (UnsafeRawBufferPointer) -> Bool) async {
    do {
        for try await buffer in stream {
            guard buffer.withUnsafeBytes(take) else { return }
        }
    } catch {
        // The pipe broke: what was read until then is what there is.
    }
}

extension Execution {
    /// Returns when the program has exited, and not before, even in a cancelled task.
    ///
    /// The library offers this wait only as part of a teardown, whose steps here send no signal and take 17 years. Each
    /// is twice as long as the one before: of a sleep that is cut short something stays in memory until its time has
    /// come (swiftlang/swift#60441), and so that is never much longer than the program ran.
    fileprivate func waitForExit() async {
        await teardown(
            using: (0..<29).map { .send(signal: Signal(rawValue: 0), allowedDurationToNextStep: .seconds(1 << $0)) })
    }
}

/// A `FilePath`, whose module is another one on macOS than elsewhere, without naming it.
private func filePath<Path: ExpressibleByStringLiteral>(_ text: String) -> Path where Path.StringLiteralType == String {
    Path(stringLiteral: text)
}
