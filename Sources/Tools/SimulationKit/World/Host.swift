import SojournCore
import SojournModel
import Synchronization

/// A machine that runs one process, and starts it again when it has ended.
final class Host: Sendable {
    enum Role: Sendable {
        case server
        case worker(queues: [QueueName], isRemote: Bool)
    }
    private struct State {
        var current: Incarnation?
        var cancel: (@Sendable () -> Void)?
        /// When it starts again.
        var reboot: Alarm?
    }
    let name: String
    private let role: Role
    private let world: World
    private let state = Mutex(State())

    init(_ name: String, _ role: Role, in world: World) {
        self.name = name
        self.role = role
        self.world = world
    }

    /// What runs now; nil while it is down.
    var current: Incarnation? { state.withLock { $0.current } }

    /// Starts the process, unless it runs.
    func boot() {
        guard current == nil, !world.isOver else { return }
        let incarnation = Incarnation(name, in: world)
        world.recorder.note(incarnation.name, "boots, off by \(incarnation.time.offset)")
        incarnation.gate.onCrash { [weak self, weak incarnation] in
            if let incarnation { self?.crashed(incarnation) }
        }
        state.withLock { $0.current = incarnation }
        let role = role
        let cancel = incarnation.track.start {
            switch role {
            case .server: await incarnation.runServer()
            case .worker(let queues, let isRemote): await incarnation.runWorker(queues: queues, isRemote: isRemote)
            }
            self.ended(incarnation)
        }
        state.withLock { $0.cancel = cancel }
    }

    private func crashed(_ incarnation: Incarnation) {
        world.recorder.note(incarnation.name, "crashes")
        // What is left of its code runs to its end, and reaches nothing.
        leave(incarnation)?()
    }

    private func ended(_ incarnation: Incarnation) {
        world.recorder.note(incarnation.name, "has ended")
        _ = leave(incarnation)
    }

    /// The machine is without a process, and starts another one after a while.
    private func leave(_ incarnation: Incarnation) -> (@Sendable () -> Void)? {
        let cancel: (@Sendable () -> Void)? = state.withLock { state in
            guard state.current === incarnation else { return nil }
            defer {
                state.current = nil
                state.cancel = nil
            }
            return state.cancel
        }
        guard let cancel else { return nil }
        if !world.isOver {
            let delay = world.isHealing ? .milliseconds(10) : world.chaosDice.span(milliseconds: 1...4_000)
            let alarm = world.scheduler.alarm(at: world.scheduler.now().advanced(by: delay)) { [weak self] in
                self?.boot()
            }
            state.withLock { $0.reboot = alarm }
        }
        return cancel
    }

    /// Forgets everything, so that nothing keeps anything alive.
    func forget() { state.withLock { $0 = State() } }
}
