public import Logging
import SojournCore
public import SojournModel
import Subprocess
import Synchronization

/// How a worker process is started.
public struct WorkerLaunch: Sendable {
    /// The path of the program.
    public var program: String
    /// Its arguments.
    public var arguments: [String]
    /// Variables besides those of this process.
    public var environment: [String: String]

    /// A command from its parts.
    public init(program: String, arguments: [String], environment: [String: String] = [:]) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
    }
}

/// Workers that are processes of this machine.
///
/// Each has a pipe from this process as its standard input. When this process dies, however that happens, the pipe
/// ends, and a worker that watches for that stops too.
public final class ProcessFleet: Sendable {
    private enum Order: Sendable {
        case launch(String, QueueName)
        case stop(String)
    }
    private let orders = Mailbox<Order>()
    private let stops = Mutex<[String: OneShot]>([:])
    private let command: @Sendable (String, QueueName) -> WorkerLaunch
    private let patience: Duration
    private let logger: Logger

    /// A fleet without workers.
    ///
    /// - Parameters:
    ///   - patience: how long a worker may go on after it was asked to stop; then it is killed.
    ///   - command: how the worker of that name for that queue is started.
    public init(
        patience: Duration, logger: Logger = Logger(label: "sojourn.fleet"),
        command: @escaping @Sendable (String, QueueName) -> WorkerLaunch
    ) {
        self.patience = patience
        self.logger = logger
        self.command = command
    }

    /// Starts a worker of that name for a queue; returns at once.
    public func launch(_ name: String, for queue: QueueName) { orders.send(.launch(name, queue)) }

    /// Asks a worker to finish what it runs and end; returns at once.
    public func stop(_ name: String) { orders.send(.stop(name)) }

    /// Carries out orders until ``close()``; then stops all workers and waits for them. `ended` is told of each that
    /// did.
    public func run(ended: @escaping @Sendable (String) -> Void) async {
        await withDiscardingTaskGroup { group in
            while let batch = await orders.take(upTo: 64) {
                for order in batch {
                    switch order {
                    case .launch(let name, let queue):
                        let stop = OneShot()
                        stops.withLock { $0[name] = stop }
                        group.addTask {
                            await self.live(name, self.command(name, queue), until: stop)
                            _ = self.stops.withLock { $0.removeValue(forKey: name) }
                            ended(name)
                        }
                    case .stop(let name): stops.withLock { $0[name] }?.fire()
                    }
                }
            }
            for stop in stops.withLock({ Array($0.values) }) { stop.fire() }
        }
    }

    /// No more orders are taken, and all workers are asked to stop.
    public func close() { orders.finish() }

    private func live(_ name: String, _ command: WorkerLaunch, until stop: OneShot) async {
        do {
            let result = try await Subprocess.run(
                configuration(command), input: .inputWriter, output: .currentStandardError,
                error: .currentStandardError
            ) { program in
                await self.wait(for: program, or: stop)
            }
            if case .exited(0) = result.terminationStatus { return }
            logger.warning(
                "A worker process ended", metadata: ["worker": "\(name)", "status": "\(result.terminationStatus)"])
        } catch {
            logger.error("A worker process did not start", metadata: ["worker": "\(name)", "error": "\(error)"])
        }
    }

    /// Returns when the program has exited; asks it to when `stop` fires.
    private func wait<Output, Problems>(
        for program: Execution<CustomWriteInput, Output, Problems>, or stop: OneShot
    ) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await program.waitForExit() }
            group.addTask { [patience] in
                await stop.wait()
                if Task.isCancelled { return }
                await program.teardown(using: [.gracefulShutDown(allowedDurationToNextStep: patience)])
            }
            await group.next()
            group.cancelAll()
        }
    }

    private func configuration(_ command: WorkerLaunch) -> Subprocess.Configuration {
        var options = PlatformOptions()
        // Ctrl-C in the terminal is for this process, which then stops its workers one by one.
        options.processGroupID = 0
        let variables = command.environment.map { (Environment.Key(stringLiteral: $0), Optional($1)) }
        return Subprocess.Configuration(
            executable: .path(filePath(command.program)), arguments: Arguments(command.arguments),
            environment: .inherit.updating(Dictionary(uniqueKeysWithValues: variables)), platformOptions: options)
    }
}

extension Execution {
    /// Returns when the program has exited. The library offers this wait only as part of a teardown, whose steps here
    /// send no signal; each is twice as long as the one before, because what is left in memory of a sleep that is cut
    /// short stays until its time has come (swiftlang/swift#60441).
    fileprivate func waitForExit() async {
        await teardown(
            using: (0..<29).map { .send(signal: Signal(rawValue: 0), allowedDurationToNextStep: .seconds(1 << $0)) })
    }
}

/// A `FilePath`, whose module is another one on macOS than elsewhere, without naming it.
private func filePath<Path: ExpressibleByStringLiteral>(_ text: String) -> Path where Path.StringLiteralType == String {
    Path(stringLiteral: text)
}
