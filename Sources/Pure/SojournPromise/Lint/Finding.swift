extension ServiceLevelLinter {
    /// One thing that is wrong or doubtful about a promise.
    public struct Finding: Sendable, Hashable, CustomStringConvertible {
        /// How bad it is.
        public enum Severity: String, Sendable, Hashable, CaseIterable {
            /// The promise cannot be kept, or means nothing.
            case error
            /// The promise is kept only while nothing unusual happens, or costs more than it seems.
            case warning
        }

        /// What it is about; a name for programs.
        public enum Topic: String, Sendable, Hashable, CaseIterable {
            /// A number is outside its range.
            case outOfRange = "out_of_range"
            /// The largest fleet cannot keep up with the load.
            case unstable
            /// The largest fleet keeps up, but not within the limit.
            case tooFewSlots = "too_few_slots"
            /// It would, were it not for the long ones among the tasks.
            case serviceTail = "service_tail"
            /// Tasks last longer than their lease.
            case leaseTooShort = "lease_too_short"
            /// A hard promise in which no task may ever wait, because an attempt may last longer than that.
            case leaseTooLong = "lease_too_long"
            /// A hard promise that lets few tasks wait.
            case hardCapacity = "hard_capacity"
            /// A hard promise of a queue that refuses nothing.
            case hardNeedsReject = "hard_needs_reject"
            /// A step in the load makes tasks late before a new slot can be there.
            case noReserve = "no_reserve"
            /// The standing reserve that was asked for is more than the largest fleet.
            case reserveTooLarge = "reserve_too_large"
            /// A fleet that goes to zero and comes back too late.
            case scaleToZero = "scale_to_zero"
            /// `scale_threshold` adds capacity too late.
            case threshold
            /// A depth rule whose steady state is late.
            case restingWait = "resting_wait"
            /// A share of late starts that nobody can measure.
            case missTooSmall = "miss_too_small"
            /// Nothing is refused, so nothing is guaranteed.
            case targetOnly = "target_only"
        }

        /// How bad it is.
        public var severity: Severity
        /// What it is about.
        public var topic: Topic
        /// What is wrong, with its numbers; whole sentences.
        public var what: String
        /// What to do about it; a whole sentence.
        public var remedy: String

        /// Severity, what and remedy in one line.
        public var description: String { "\(severity.rawValue): \(what) \(remedy)" }
    }

    /// What is known beyond the promise itself.
    public struct Circumstances: Sendable, Hashable {
        /// λ as measured, in tasks per second; nil: what the contract allows for.
        public var arrivalRate: Double?
        /// m as measured, in seconds; nil: the prior of the promise.
        public var serviceTime: Double?
        /// c_s² as measured: variance over squared mean of the service time.
        public var serviceVariation: Double = 1
        /// D as measured, in seconds; nil: the prior of the promise.
        public var startup: Double?
        /// Δ + τ: seconds from a change of the load to the decision about it.
        public var reaction: Double = 1.5
        /// The name of the scaling policy.
        public var policy: String = "foresight"
        /// J of a policy that wants one slot per J waiting tasks; nil for others.
        public var depthPerSlot: Double?
        /// κ: the unannounced step in the load to judge by, where the promise names none.
        public var step: Double = 10

        /// Nothing but defaults.
        public init() {}
    }
}
