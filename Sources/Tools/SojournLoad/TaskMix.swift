import SojournModel
import SojournSimulation

/// What the tasks of a load do, and in which shares.
///
/// The shares are kept exactly, to the nearest task, and the order is shuffled: 0.12 % of 10,000 tasks are 12.
public struct TaskMix: Sendable, Hashable {
    /// What one task does.
    public enum Kind: Sendable, Hashable {
        /// Succeeds at once.
        case noop
        /// Fails so many attempts, then succeeds.
        case flaky(failures: Int)
        /// Fails every attempt; with so many retries, or as many as its queue gives.
        case fail(retries: Int?)
        /// Sleeps so many milliseconds. Reports leave it out of the drain.
        case sleep(milliseconds: Int)
        /// Runs for a time that is drawn from an exponential distribution with this mean, in milliseconds.
        case work(meanMilliseconds: Double)
    }

    /// A kind and its share of all tasks, in percent.
    public struct Part: Sendable, Hashable {
        /// What these tasks do.
        public var kind: Kind
        /// Their share, in percent.
        public var percent: Double

        /// A part from kind and share.
        public init(_ kind: Kind, percent: Double) {
            self.kind = kind
            self.percent = percent
        }
    }

    /// The parts; what they leave of 100 % goes to the first.
    public var parts: [Part]
    /// The payload of tasks that need none, in bytes.
    public var payloadBytes: Int

    /// A mix of parts; without any, all tasks succeed at once.
    public init(_ parts: [Part] = [Part(.noop, percent: 100)], payloadBytes: Int = 100) {
        self.parts = parts
        self.payloadBytes = payloadBytes
    }

    /// The kinds of `count` tasks, in their order.
    func kinds(_ count: Int, random: inout NumPyRandom) -> [Kind] {
        guard let first = parts.first else { return Array(repeating: .noop, count: count) }
        var kinds: [Kind] = []
        kinds.reserveCapacity(count)
        for part in parts.dropFirst() {
            let wanted = Int((Double(count) * part.percent / 100).rounded())
            kinds += Array(repeating: part.kind, count: max(0, min(wanted, count - kinds.count)))
        }
        kinds += Array(repeating: first.kind, count: count - kinds.count)
        kinds.shuffle(using: &random)
        return kinds
    }
}

/// One task of a load, before it is sent.
struct LoadTask: Sendable, Hashable {
    /// Marks tasks that sleep, whatever their type.
    static let sleepTag = "load-sleep"

    let type: TaskType
    let payload: [UInt8]
    let retries: Int?
    let isSleeper: Bool
    /// How long it runs.
    let seconds: Double

    init(_ kind: TaskMix.Kind, filling: [UInt8], random: inout NumPyRandom) {
        var (retries, isSleeper, milliseconds) = (Int?.none, false, 0.0)
        switch kind {
        case .noop: (type, payload) = ("noop", filling)
        case .flaky(let failures): (type, payload) = ("flaky", Array(#"{"attempts":\#(failures)}"#.utf8))
        case .fail(let most): (type, payload, retries) = ("always_fail", filling, most)
        case .sleep(let time):
            (milliseconds, isSleeper) = (Double(time), true)
            (type, payload) = ("sleeper", Array(#"{"ms":\#(time)}"#.utf8))
        case .work(let mean):
            milliseconds = random.exponential(mean)
            (type, payload) = ("sleeper", Array(#"{"ms":\#(milliseconds)}"#.utf8))
        }
        self.retries = retries
        self.isSleeper = isSleeper
        seconds = milliseconds / 1_000
    }

    /// All tasks of a plan, in the order in which they are sent.
    static func all(of plan: LoadPlan) -> [LoadTask] {
        var random = NumPyRandom([plan.seed])
        let kinds = plan.mix.kinds(plan.tasks, random: &random)
        let filling = [UInt8]("\"\(String(repeating: "x", count: max(0, plan.mix.payloadBytes - 2)))\"".utf8)
        return kinds.map { LoadTask($0, filling: filling, random: &random) }
    }
}
