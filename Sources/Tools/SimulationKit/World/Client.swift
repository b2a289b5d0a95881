import SojournCore
import SojournModel

/// Somebody outside who inserts tasks, cancels, replays, reads and pauses, through any server that answers.
struct Client {
    let world: World
    let who: String
    let dice: Dice
    private var workload: Workload
    /// Tasks that it knows of.
    private var known: [TaskID] = []
    private var left: Int

    init(_ number: Int, tasks: Int, in world: World) {
        self.world = world
        who = "client-\(number)"
        dice = Dice(seed: world.seed, salt: UInt64(100 + number))
        workload = Workload(client: number, dice: dice)
        left = tasks
    }

    /// Does its work within the storm.
    mutating func run() async {
        let end = world.scheduler.now().advanced(by: world.settings.storm)
        while left > 0 {
            let rest = end.duration(since: world.scheduler.now())
            let pause = rest > .zero ? rest / Double(left) * 4 : .milliseconds(1)
            try? await world.scheduler.sleep(for: pause * Double(dice.number(in: 0...200)) / 100)
            await act()
        }
    }

    private mutating func act() async {
        switch dice.number(below: 100) {
        case 0..<60: await insert()
        case 60..<72: await cancel()
        case 72..<80: await replay()
        case 80..<96: await read()
        default: await pause()
        }
    }

    private mutating func insert() async {
        let most = dice.happens(percent: 20) ? 30 : 6
        let count = min(left, dice.number(in: 1...most))
        left -= count
        guard let server = await anyServer() else { return }
        let tasks = workload.batch(count, now: server.time.now())
        known += tasks.map(\.message.id)
        for _ in 0..<4 {
            guard let server = await anyServer() else { return }
            let sink = world.sabotage.sink(server.queue)
            let answer = await call(server) { () throws(BackendError) in
                try await world.recorder.call(\.inserts, who, tasks) { () throws(BackendError) in
                    try await sink.enqueue(tasks)
                }
            }
            if answer != nil || dice.happens(percent: 30) { return }
        }
    }

    private func cancel() async {
        guard !known.isEmpty, let server = await anyServer() else { return }
        let ids = (0..<dice.number(in: 1...3)).map { _ in dice.pick(known) }
        _ = await call(server) { () throws(BackendError) in
            try await world.recorder.call(\.cancels, who, ids) { () throws(BackendError) in
                try await server.queue.cancel(ids)
            }
        }
    }

    private func replay() async {
        guard !known.isEmpty, let server = await anyServer() else { return }
        let filter = dice.happens(percent: 50) ? TaskFilter(queue: dice.pick(Workload.queues)) : TaskFilter(ids: known)
        let limit = dice.number(in: 1...3)
        _ = await call(server) { () throws(BackendError) in
            try await world.recorder.call(\.replays, who, filter) { () throws(BackendError) in
                try await server.queue.replay(matching: filter, limit: limit)
            }
        }
    }

    private func read() async {
        guard !known.isEmpty, let server = await anyServer() else { return }
        let id = dice.pick(known)
        _ = await call(server) { () throws(BackendError) in
            try await world.recorder.call(\.reads, who, id) { () throws(BackendError) in
                try await server.queue.store.task(id)
            }
        }
    }

    /// Stops a queue for a while; somebody else may resume it at the end of the storm.
    private func pause() async {
        let queue = dice.pick(Workload.queues)
        for isPaused in [true, false] {
            guard let server = await anyServer() else { return }
            _ = await call(server) { () throws(BackendError) in
                try await world.recorder.call(\.pauses, who, Pause(queue: queue, isPaused: isPaused)) {
                    () throws(BackendError) in
                    try await server.queue.setPaused(queue, isPaused)
                    return true
                }
            }
            if isPaused { try? await world.scheduler.sleep(for: dice.span(milliseconds: 0...3_000)) }
        }
    }

    /// A server that is up; nil where none comes up for long.
    private func anyServer() async -> Incarnation? {
        for _ in 0..<200 {
            let up = world.servers.compactMap(\.current)
            if !up.isEmpty { return dice.pick(up) }
            try? await world.scheduler.sleep(for: .milliseconds(100))
        }
        return nil
    }

    /// The answer of a call that runs in the server's process; nil where it failed.
    private func call<Answer: Sendable>(
        _ server: Incarnation, _ body: () async throws(BackendError) -> Answer
    ) async -> Answer? {
        try? await withTaskExecutorPreference(server.track) { try await body() }
    }
}
