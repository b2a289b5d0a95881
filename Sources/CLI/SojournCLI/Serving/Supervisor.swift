import Logging
import ServiceLifecycle
import SojournCore
import SojournModel
import UnixSignals

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Runs services until one fails or a signal asks them to stop.
///
/// The first SIGINT or SIGTERM, or a service that fails, stops them one after the other, the last one first. A second
/// signal ends the process at once, and so does the end of the time that they have.
struct Supervisor {
    /// In the order of starting; stopped in the opposite order.
    let services: [any Service]
    /// How long stopping may take altogether.
    let deadline: Duration
    /// Happens before the first of them is stopped.
    var stopping = OneShot()
    var time: any TimeSource = SystemTime()
    let logger: Logger

    /// Returns after all services have stopped.
    func run() async throws {
        // Whoever reads our output may leave; tasks go on.
        _ = signal(SIGPIPE, SIG_IGN)
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        // Whoever fails takes nothing along: the others drain as they would for a signal.
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: (services + [Stopping(signal: stopping)]).map {
                    .init(service: $0, failureTerminationBehavior: .gracefullyShutdownGroup)
                }, logger: logger.quieter))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            tasks.addTask { await listen(to: signals, group) }
            tasks.addTask { await guardDeadline() }
            // The other two end only when they are cancelled.
            try await tasks.next()
            tasks.cancelAll()
        }
    }

    private func listen(to signals: UnixSignalsSequence, _ group: ServiceGroup) async {
        var signals = signals.makeAsyncIterator()
        guard let first = await signals.next() else { return }
        logger.info("Stopping", metadata: ["signal": "\(first)", "deadline_seconds": "\(deadline.inSeconds)"])
        await group.triggerGracefulShutdown()
        guard await signals.next() != nil else { return }
        logger.warning("Stopped at once by a second signal")
        _exit(ExitStatus.interrupted.rawValue)
    }

    private func guardDeadline() async {
        await stopping.wait()
        guard (try? await time.sleep(for: deadline)) != nil else { return }
        logger.error("Stopped at once: not all parts ended in time")
        _exit(ExitStatus.failed.rawValue)
    }
}

/// The first to hear that the services stop, whoever has asked for it.
private struct Stopping: Service {
    let signal: OneShot

    func run() async {
        try? await gracefulShutdown()
        signal.fire()
    }
}

extension Logger {
    /// For libraries that tell of every step at `info`: people need that only to find an error.
    var quieter: Logger {
        var logger = self
        if logger.logLevel == .info { logger.logLevel = .notice }
        return logger
    }
}
