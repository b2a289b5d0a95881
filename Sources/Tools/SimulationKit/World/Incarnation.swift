import Logging
import ServiceLifecycleTestKit
import SojournCore
import SojournModel
import SojournServer
import SojournWorker
import Synchronization

/// One life of a simulated process, from its start to its crash or its end.
final class Incarnation: Sendable {
    let name: String
    let track: Track
    let gate: Gate
    let queue: LocalTaskQueue
    let time: OffsetTime
    private let world: World
    private let hints: FaultyHints?
    private let trigger = Mutex<GracefulShutdownTestTrigger?>(nil)
    private let isOver = Mutex(false)

    init(_ name: String, in world: World) {
        let settings = world.settings
        track = world.newTrack()
        let dice = Dice(seed: world.seed, salt: UInt64(1_000 + track.number))
        let gate = Gate(time: world.scheduler, dice: dice, recorder: world.recorder, rates: world.rates)
        let milliseconds = Int(settings.skew.wholeMicroseconds / 1_000)
        let time = OffsetTime(base: world.scheduler, offset: dice.span(milliseconds: -milliseconds...milliseconds))
        let store = FaultyStore(base: world.sabotage.store(world.store, world.scheduler), gate: gate)
        self.name = "\(name).\(track.number)"
        self.gate = gate
        self.time = time
        self.world = world
        let chance = Dice(seed: world.seed, salt: UInt64(1_000_000 + track.number)).chance
        if let broker = world.broker {
            let channel = FaultyHints(broker, gate: gate, time: time)
            let hinted = HintedQueue(
                store: store, hints: world.sabotage.hints(channel), time: time, logger: .silent)
            hints = channel
            queue = LocalTaskQueue(
                store: hinted, backend: hinted, policies: settings.policies, time: time, chance: chance)
        } else {
            hints = nil
            queue = LocalTaskQueue(
                store: store, backend: store, policies: settings.policies, time: time, chance: chance)
        }
    }

    private var duties: Server {
        Server(queue: queue, configuration: ServerConfiguration(promoteBatch: 50, reapBatch: 20), logger: .silent)
    }

    /// Runs the duties until told to stop.
    func runServer() async { await run { try await self.duties.run() } }

    /// Runs tasks until told to stop: those of a server, or, as `sojourn worker --postgres` does, those of the store
    /// itself, with the duties beside.
    func runWorker(queues: [QueueName], isRemote: Bool) async {
        let worker = worker(queues: queues, isRemote: isRemote)
        await run {
            if isRemote { return try await worker.run() }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await self.duties.run() }
                defer { group.cancelAll() }
                try await worker.run()
            }
        }
    }

    private func worker(queues: [QueueName], isRemote: Bool) -> Worker {
        let settings = world.settings
        let witness = WitnessMiddleware(recorder: world.recorder, gate: gate, who: name)
        var handlers = HandlerRegistry(middleware: [witness] + world.sabotage.middleware)
        let player = Player(time: time, gate: gate, hasKillers: settings.level > 0)
        for type in Workload.types {
            handlers.register(type) { payload, context in try await player.play(payload, context) }
        }
        let origin: any TaskSource = isRemote ? RemoteSource(world: world, gate: gate, dice: gate.dice) : queue
        let source = WitnessSource(
            base: world.sabotage.source(origin, world.scheduler), recorder: world.recorder, gate: gate,
            who: name)
        let configuration = WorkerConfiguration(
            queues: queues, concurrency: settings.concurrency, leaseDuration: settings.lease, claimWait: .seconds(5),
            drainTime: .seconds(1), name: name)
        return Worker(
            source: source, handlers: handlers, configuration: configuration, time: time, chance: queue.chance,
            executor: track, logger: .silent)
    }

    private func run(_ body: @escaping @Sendable () async throws -> Void) async {
        try? await testGracefulShutdown { @Sendable trigger in
            self.trigger.withLock { $0 = trigger }
            if isOver.withLock({ $0 }) { trigger.triggerGracefulShutdown() }
            try await body()
        }
        trigger.withLock { $0 = nil }
        hints?.close()
        gate.close()
    }

    /// Asks it to end.
    func shutDown() {
        isOver.withLock { $0 = true }
        trigger.withLock { $0 }?.triggerGracefulShutdown()
    }
}

extension Logger {
    /// Says nothing.
    static var silent: Logger { Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() } }
}
