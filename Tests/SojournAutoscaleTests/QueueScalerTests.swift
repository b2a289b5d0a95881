import SojournModel
import SojournPromise
import Testing

@testable import SojournAutoscale

@Suite("From slots to workers")
struct QueueScalerTests {
    private static let origin = Timestamp(microseconds: 0)

    /// A queue under a load of `rate` tasks per second for `seconds`, whose scaler is asked every second; the workers
    /// that were launched are ready after a second.
    private struct Run {
        var level: ServiceLevel
        var scaler: QueueScaler
        var load: LoadEstimator
        var sample = QueueSample()
        var orders: [FleetOrder] = []
        var starting: [(name: String, at: Double)] = []
        var readyWorkers = 0

        init(_ level: ServiceLevel, _ scaling: PromiseConfiguration.Scaling = .processes) {
            self.level = level
            let configuration = PromiseConfiguration(levels: ["q": level], scaling: scaling)
            scaler = QueueScaler(queue: "q", level: level, configuration: configuration)
            load = LoadEstimator(level: level)
        }

        mutating func seconds(_ count: Int, rate: Int) {
            for _ in 0..<count {
                sample.now += 1
                for start in starting where start.at <= sample.now {
                    scaler.heard(start.name, at: sample.now)
                    readyWorkers += 1
                }
                starting.removeAll { $0.at <= sample.now }
                let served = min(sample.waiting + rate, readyWorkers * level.tasksPerWorker * 10)
                sample.arrived += rate
                sample.started += served
                sample.completed += served
                sample.waiting += rate - served
                sample.waitingByAge = sample.waiting > 0 ? [sample.waiting] : []
                sample.busySeconds += Double(served) * 0.1
                sample.serviceSum += Double(served) * 0.1
                sample.serviceSquareSum += Double(served) * 0.01
                sample.ready = readyWorkers * level.tasksPerWorker
                sample.pending = scaler.pending(at: sample.now)
                load.update(sample)
                let instant = QueueScalerTests.origin.advanced(by: .seconds(sample.now))
                take(scaler.decide(sample, load, at: instant) { _ in 0 })
            }
        }

        private mutating func take(_ new: [FleetOrder]) {
            orders += new
            for order in new {
                if case .launch(let name, _) = order { starting.append((name, sample.now + 1)) }
                if case .stop = order { readyWorkers = max(0, readyWorkers - 1) }
            }
        }
    }

    private static let level = ServiceLevel(
        limit: 2, miss: 0.001, serviceTime: 0.1, startup: 1, overflow: .reject, tasksPerWorker: 2, workers: 1...4)

    @Test("it begins with the fewest workers, follows the load up to the most, and comes back")
    func follows() {
        var run = Run(Self.level)
        run.seconds(1, rate: 0)
        #expect(run.scaler.workers == 1)
        run.seconds(20, rate: 35)
        #expect((2...3).contains(run.scaler.workers))
        run.seconds(20, rate: 500)
        #expect(run.scaler.workers == 4 && run.scaler.launchable(at: run.sample.now) == 0)
        #expect(run.scaler.events.contains { $0.reason.contains("max_workers is 4") })
        run.sample.waiting = 0
        run.seconds(200, rate: 0)
        #expect(run.scaler.workers == 1)
        #expect(run.scaler.events.allSatisfy { !$0.reason.isEmpty && $0.from != $0.to })
        #expect(run.scaler.events.count <= 20)
    }

    @Test("slots of other workers are not launched again")
    func otherSlots() {
        var run = Run(Self.level)
        run.readyWorkers = 3
        run.seconds(30, rate: 35)
        #expect(run.scaler.workers == 1)
    }

    @Test("a worker that dies before it claims makes the next launch wait, longer and longer")
    func crashLoop() {
        var run = Run(Self.level)
        var launches = 0
        for _ in 0..<100 {
            run.sample.now += 1
            let instant = Self.origin.advanced(by: .seconds(run.sample.now))
            for case .launch(let name, _) in run.scaler.decide(run.sample, run.load, at: instant, held: { _ in 0 }) {
                launches += 1
                run.scaler.ended(name, at: run.sample.now)
            }
        }
        #expect((3...12).contains(launches))
    }

    @Test("a worker that never becomes ready is given up, and counts for nothing")
    func stuck() {
        var run = Run(Self.level)
        var launched: [String] = []
        var stopped: [String] = []
        for _ in 0..<120 {
            run.sample.now += 1
            let instant = Self.origin.advanced(by: .seconds(run.sample.now))
            for order in run.scaler.decide(run.sample, run.load, at: instant, held: { _ in 0 }) {
                if case .launch(let name, _) = order { launched.append(name) }
                if case .stop(let name) = order { stopped.append(name) }
            }
        }
        #expect(stopped.first == launched.first && launched.count >= 2)
        #expect(run.scaler.pending(at: run.sample.now).count <= Self.level.tasksPerWorker)
    }

    @Test("a dry run tells each change once and launches nothing")
    func dryRun() {
        var run = Run(Self.level, .dryRun)
        run.readyWorkers = 1
        run.seconds(30, rate: 60)
        #expect(run.orders.isEmpty && run.scaler.workers == 0)
        let targets = run.scaler.events.map(\.to)
        #expect(!targets.isEmpty && zip(targets, targets.dropFirst()).allSatisfy { $0 != $1 })
        #expect(run.scaler.events.allSatisfy { $0.reason.hasSuffix("(dry run)") })
        run.seconds(30, rate: 0)
        #expect(run.scaler.events.allSatisfy { Self.level.workers.contains($0.to) }, "within the bounds of a real one")
    }

    @Test("slots of this process are resized within their bounds")
    func slots() {
        var run = Run(Self.level, .slots)
        run.readyWorkers = 1
        run.seconds(30, rate: 500)
        #expect(run.orders.contains(.resize(8, "q")))
        #expect(run.orders.allSatisfy { if case .resize(let slots, _) = $0 { (2...8).contains(slots) } else { false } })
    }

    @Test("nothing is decided where nothing is scaled")
    func off() {
        var run = Run(Self.level, .off)
        run.seconds(10, rate: 500)
        #expect(run.orders.isEmpty && run.scaler.events.isEmpty && run.scaler.launchable(at: 100) == 0)
    }
}
