import SojournCore
import SojournMemory
import SojournModel
import Synchronization

/// One simulated world: processes with the product's own code, a store that outlives them, clients, and what goes
/// wrong. Everything in it follows from its seed.
package final class World: Sendable {
    struct State {
        var tracks: [Track] = []
        var hosts: [Host] = []
        var rates: FaultRates
        var isHealing = false
        var isOver = false
        var alarms: [Alarm] = []
    }
    package let seed: UInt64
    package let settings: WorldSettings
    let sabotage: Sabotage
    let scheduler: Scheduler
    let recorder: Recorder
    let store: MemoryQueue
    let broker: HintBroker?
    let chaosDice: Dice
    private let state: Mutex<State>

    /// A world; `echo` is told of every event.
    package init(
        seed: UInt64, settings: WorldSettings? = nil, sabotage: Sabotage = Sabotage(),
        echo: (@Sendable (String) -> Void)? = nil
    ) {
        let settings = settings ?? WorldSettings(seed: seed)
        self.seed = seed
        self.settings = settings
        self.sabotage = sabotage
        scheduler = Scheduler(seed: seed)
        recorder = Recorder(time: scheduler, echo: echo)
        store = MemoryQueue(time: scheduler, random: DiceGenerator(dice: Dice(seed: seed, salt: 2)))
        broker = settings.hasHints ? HintBroker(time: scheduler) : nil
        chaosDice = Dice(seed: seed, salt: 3)
        state = Mutex(State(rates: FaultRates(level: settings.level)))
    }

    var hosts: [Host] { state.withLock { $0.hosts } }
    var servers: [Host] { Array(hosts.prefix(settings.servers)) }
    var rates: FaultRates { state.withLock { $0.rates } }
    var isHealing: Bool { state.withLock { $0.isHealing } }
    var isOver: Bool { state.withLock { $0.isOver } }

    func newTrack() -> Track {
        state.withLock { state in
            let track = Track(state.tracks.count, of: scheduler)
            state.tracks.append(track)
            return track
        }
    }

    func freeze(_ track: Track, for span: Duration) {
        recorder.note("chaos", "freezes \(track.number) for \(span)")
        scheduler.freeze(track)
        later(span) { self.scheduler.thaw(track) }
    }

    func later(_ span: Duration, _ body: @escaping @Sendable () -> Void) {
        let alarm = scheduler.alarm(at: scheduler.now().advanced(by: span), body)
        state.withLock { $0.alarms.append(alarm) }
    }
}

// MARK: One run

extension World {
    /// Everything from the first client to the last report, and what the store says then.
    package func run() -> History {
        let clock = scheduler
        addHosts()
        for host in hosts { host.boot() }
        let guests = newTrack()
        let share = settings.tasks / 3
        for number in 0..<3 {
            guests.start {
                var client = Client(number, tasks: number == 0 ? self.settings.tasks - 2 * share : share, in: self)
                await client.run()
            }
        }
        guests.start { await Chaos(world: self).run() }
        var stuck: String? = clock.run { guests.running == 0 } ? nil : "the clients never came to their end"
        if stuck == nil, settings.heals { stuck = heal() }
        stuck = shutDown() ?? stuck
        stuck = readAll() ?? stuck
        recorder.conclude { history in
            history.terms.clockError = settings.skew
            history.terms.policies = settings.policies
            history.terms.isOrdered = broker == nil
            history.terms.isCalm = settings.level == 0
            history.terms.isHealed = settings.heals
            history.terms.servers = settings.servers + settings.remote.count { !$0 }
            history.lasted = clock.now().duration(since: Scheduler.start)
            history.stuck = stuck
        }
        return recorder.history
    }

    private func addHosts() {
        let servers = (0..<settings.servers).map { Host("server-\($0)", .server, in: self) }
        let workers = (0..<settings.workers).map { number in
            // The first one serves all, so that nothing is left that nobody serves.
            let queues = number == 0 ? [] : [Workload.queues[number % 2]]
            return Host("worker-\(number)", .worker(queues: queues, isRemote: settings.remote[number]), in: self)
        }
        state.withLock { $0.hosts = servers + workers }
    }

    /// Mends everything, and gives it the time to finish.
    private func heal() -> String? {
        recorder.note("world", "heals")
        mend()
        let judge = newTrack()
        let end = scheduler.now().advanced(by: .seconds(900))
        judge.start {
            for queue in Workload.queues {
                _ = try? await self.recorder.call(\.pauses, "judge", Pause(queue: queue, isPaused: false)) {
                    await self.store.setPaused(queue, false)
                    return true
                }
            }
            while await !self.isQuiet(), self.scheduler.now() < end {
                try? await self.scheduler.sleep(for: .seconds(1))
            }
            await self.countHints()
        }
        return scheduler.run { judge.running == 0 } ? nil : "the world went in circles after it was mended"
    }

    private func mend() {
        let tracks = state.withLock { state in
            state.isHealing = true
            state.rates = FaultRates()
            state.alarms = []
            return state.tracks
        }
        for track in tracks { scheduler.thaw(track) }
        scheduler.putOutFuses()
        broker?.setDown(false)
        broker?.wakeAll()
        for host in hosts {
            host.current?.gate.rates = FaultRates()
            host.boot()
        }
    }

    /// Hints that are stale are gone soon after nothing waits any more: whoever asks for tasks finds out.
    private func countHints() async {
        guard let broker else { return }
        try? await scheduler.sleep(for: .seconds(7))
        let count = broker.count
        recorder.conclude { $0.hintsLeft = count }
    }

    private func isQuiet() async -> Bool {
        await store.depths().allSatisfy { depth in
            depth.counts.allSatisfy { status, count in status.isFinal || count == 0 }
        }
    }

    /// What the store says of every task that anybody tried to insert.
    private func readAll() -> String? {
        let ids = Set(recorder.history.inserts.flatMap { $0.request.map(\.message.id) }).sorted()
        let judge = newTrack()
        judge.start {
            var final: [TaskID: TaskRecord] = [:]
            for id in ids { if let record = await self.store.task(id) { final[id] = record } }
            let dead = await self.deadLetters()
            self.recorder.conclude { history in
                history.final = final
                history.deadLetters = dead
            }
        }
        return scheduler.run { judge.running == 0 } ? nil : "the store did not answer in the end"
    }

    private func deadLetters() async -> [TaskID] {
        var ids: [TaskID] = []
        var cursor: String?
        repeat {
            let page = try? await sabotage.store(store, scheduler).tasks(
                matching: TaskFilter(status: .dead), limit: 50, cursor: cursor)
            ids += page?.tasks.map(\.message.id) ?? []
            cursor = page?.cursor
        } while cursor != nil
        return ids
    }

    /// Ends all processes; what was left of dead ones too.
    private func shutDown() -> String? {
        mend()
        state.withLock { $0.isOver = true }
        for host in hosts { host.current?.shutDown() }
        let tracks = state.withLock { $0.tracks }
        // To the very end: handlers that do not listen outlive their workers.
        _ = scheduler.run { false }
        let hasEnded = tracks.allSatisfy { $0.running == 0 }
        scheduler.clear()
        for host in hosts { host.forget() }
        state.withLock { state in
            state.hosts = []
            state.tracks = []
            state.alarms = []
        }
        return hasEnded ? nil : "a process did not end when it was told to"
    }
}

extension World {
    /// What happened, in one number.
    package var trace: UInt64 { scheduler.trace }
    /// How many pieces of tasks have run.
    package var steps: Int { scheduler.steps }
}
