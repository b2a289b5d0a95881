import SojournCore
import SojournModel

/// Does to the processes and the broker what happens to them on a bad day.
struct Chaos {
    let world: World
    var dice: Dice { world.chaosDice }

    /// Goes on until the storm is over.
    func run() async {
        let level = world.settings.level
        guard level > 0 else { return }
        let end = world.scheduler.now().advanced(by: world.settings.storm)
        let pace = [0, 8_000, 3_000, 1_000][level]
        while world.scheduler.now() < end {
            try? await world.scheduler.sleep(for: dice.span(milliseconds: pace / 10...2 * pace))
            strike()
        }
    }

    private func strike() {
        let host = dice.pick(world.hosts)
        switch dice.number(below: 10) {
        case 0..<3: crash(host)
        case 3..<6: freeze(host)
        case 6..<8: host.current?.shutDown()
        case 8: world.broker?.flush()
        default: cutOff()
        }
    }

    /// Crashes a process some steps from now, whatever it is at then.
    private func crash(_ host: Host) {
        guard let incarnation = host.current else { return }
        world.scheduler.lightFuse(on: incarnation.track, steps: dice.number(in: 1...60)) { incarnation.gate.crash() }
    }

    /// Lets a process stand still some steps from now, mostly for longer than its leases last.
    private func freeze(_ host: Host) {
        guard let track = host.current?.track else { return }
        let lease = Int(world.settings.lease.wholeMicroseconds / 1_000)
        let span = dice.span(milliseconds: lease / 4...2 * lease)
        world.scheduler.lightFuse(on: track, steps: dice.number(in: 1...40)) { world.freeze(track, for: span) }
    }

    /// Cuts the broker off for a while.
    private func cutOff() {
        guard let broker = world.broker else { return }
        broker.setDown(true)
        world.later(dice.span(milliseconds: 100...6_000)) {
            broker.setDown(false)
            broker.wakeAll()
        }
    }
}
