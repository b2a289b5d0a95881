import SojournModel
import SojournPromise
import SojournTestKit

/// A simulated line whose events are told to an audit, with faults.
struct AuditedLine {
    enum Fault {
        /// Departures of so many tasks never reach the depth counter (negative: arrivals).
        case lost(Int)
        /// The consumers' clocks are ahead by so many seconds.
        case skew(Double)
        /// The same, and each departure tells the backend's stamp as the stay and the consumer's beside it.
        case skewBeside(Double)
    }

    /// 12:00:00Z of some day.
    static let noon: Int64 = 1_795_262_400_000_000

    private enum Event {
        case gauge(Int, at: Int64)
        case arrive(Int64)
        case depart(since: Int64, at: Int64, consumer: Int64?)
    }

    private var told: [(when: Int64, event: Event)] = []
    let end: Int

    /// - Parameters:
    ///   - jitter: events are told up to so many seconds after they happened.
    ///   - noise: the counter's stamps differ from the tasks' by up to so many seconds either way.
    init(
        _ visits: [FifoLine.Visit], end: Int, fault: Fault? = nil, from: Double = .infinity, until: Double = .infinity,
        jitter: Double = 0, noise: Double = 0, dice: Dice = Dice(seed: 1)
    ) {
        self.end = end
        var dice = dice
        var (lostOut, lostIn) = (0, 0)
        if case .lost(let count) = fault { (lostOut, lostIn) = (max(0, count), max(0, -count)) }
        func micros(_ seconds: Double) -> Int64 { Self.noon + Int64(seconds * 1e6) }
        func late() -> Int64 { jitter == 0 ? 0 : Int64(dice.unit() * jitter * 1e6) }
        func wrong() -> Int64 { noise == 0 ? 0 : Int64((dice.unit() * 2 - 1) * noise * 1e6) }
        told.reserveCapacity(visits.count * 4)
        for visit in visits {
            let (came, left) = (micros(visit.arrival), micros(visit.start))
            told.append((came + late(), .arrive(came)))
            if lostIn > 0, visit.arrival >= from {
                lostIn -= 1
            } else {
                told.append((came + late(), .gauge(1, at: came + wrong())))
            }
            guard visit.start < Double(end) else { continue }
            if lostOut > 0, visit.start >= from {
                lostOut -= 1
            } else {
                told.append((left + late(), .gauge(-1, at: left + wrong())))
            }
            let isFaulty = visit.start >= from && visit.start < until
            var (stamp, consumer): (Int64, Int64?) = (left, nil)
            if isFaulty, case .skew(let ahead) = fault { stamp += Int64(ahead * 1e6) }
            if case .skewBeside(let ahead) = fault {
                consumer = left + 2_000 + Int64(dice.unit() * 10_000) + (isFaulty ? Int64(ahead * 1e6) : 0)
            }
            told.append((left + late(), .depart(since: came, at: stamp, consumer: consumer)))
        }
        told.sort { $0.when < $1.when }
    }

    /// Tells everything, reads every `step` seconds, and hands each reading over.
    func run(
        every step: Int = 1, _ body: (Int, LittlesLawAudit.Reading, LittlesLawAudit.Diagnosis) -> Void
    ) -> LittlesLawAudit {
        var audit = LittlesLawAudit()
        var next = 0
        for second in stride(from: step, through: end, by: step) {
            let now = Self.noon + Int64(second) * 1_000_000
            while next < told.count, told[next].when <= now {
                switch told[next].event {
                case .gauge(let change, let at): audit.gauge(change, at: Timestamp(microseconds: at))
                case .arrive(let at): audit.arrive(at: Timestamp(microseconds: at))
                case .depart(let since, let at, let consumer):
                    audit.depart(
                        since: Timestamp(microseconds: since), at: Timestamp(microseconds: at),
                        consumer: consumer.map { Timestamp(microseconds: $0) })
                }
                next += 1
            }
            let reading = audit.read(at: Timestamp(microseconds: now))
            body(second, reading, audit.diagnosis)
        }
        return audit
    }
}
