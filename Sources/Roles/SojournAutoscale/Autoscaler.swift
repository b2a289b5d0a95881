public import Logging
public import ServiceLifecycle
public import SojournCore
import SojournModel
import SojournPromise

/// Brings the estimates up to date, compares the counts with those of the backend, decides, and acts.
public struct Autoscaler: Service {
    /// Time between two looks at the depths of the backend while there are promises.
    private static let lookInterval: Duration = .milliseconds(250)
    /// Looks for each tick of the estimates.
    private static let looksPerTick = 4
    private let keeper: PromiseKeeper
    private let backend: any QueueBackend
    private let fleet: ProcessFleet?
    private let resize: (@Sendable (Int) -> Void)?
    private let start: OneShot?
    private let logger: Logger

    /// An autoscaler for `keeper`.
    ///
    /// - Parameters:
    ///   - fleet: where worker processes are started; nil = nowhere.
    ///   - resize: sets the attempts at once of this process; nil = they stay.
    ///   - start: what it waits for before it begins: that workers can reach the server.
    public init(
        keeper: PromiseKeeper, backend: any QueueBackend, fleet: ProcessFleet? = nil,
        resize: (@Sendable (Int) -> Void)? = nil, start: OneShot? = nil,
        logger: Logger = Logger(label: "sojourn.autoscale")
    ) {
        self.keeper = keeper
        self.backend = backend
        self.fleet = fleet
        self.resize = resize
        self.start = start
        self.logger = logger
    }

    /// Runs until graceful shutdown or cancellation; then stops the workers that it started, and waits for them.
    public func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            if let fleet {
                group.addTask { [keeper] in
                    await fleet.run { keeper.ended($0) }
                }
            }
            await cancelWhenGracefulShutdown {
                await start?.wait()
                await look()
            }
            fleet?.close()
        }
    }

    private func look() async {
        let hasPromises = !keeper.promises.isEmpty
        var looks = 0
        while !Task.isCancelled {
            await compare()
            if !hasPromises || looks % Self.looksPerTick == 0 { act(keeper.tick()) }
            looks += 1
            let pause = hasPromises ? Self.lookInterval : Self.lookInterval * Self.looksPerTick
            try? await keeper.time.sleep(for: pause)
        }
    }

    private func compare() async {
        do throws(BackendError) {
            let marks = keeper.marks()
            keeper.compare(try await backend.depths(), with: marks)
        } catch {
            if Task.isCancelled { return }
            logger.warning("The depths could not be read", metadata: ["error": "\(error)"])
        }
    }

    private func act(_ tick: PromiseKeeper.Tick) {
        for event in tick.events {
            logger.info(
                "Scaled",
                metadata: [
                    "queue": "\(event.queue)", "from": "\(event.event.from)", "to": "\(event.event.to)",
                    "reason": "\(event.event.reason)",
                ])
        }
        for finding in tick.findings {
            logger.warning(
                "The audit found something", metadata: ["queue": "\(finding.queue)", "finding": "\(finding.text)"])
        }
        var slots = 0
        for order in tick.orders {
            switch order {
            case .launch(let name, let queue): fleet?.launch(name, for: queue)
            case .stop(let name): fleet?.stop(name)
            case .resize: break
            }
        }
        for (_, count) in tick.slots { slots += count }
        if slots > 0 { resize?(slots) }
    }
}
