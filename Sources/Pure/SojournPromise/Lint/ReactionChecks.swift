internal import Queueing

extension ServiceLevelLinter.Judgement {
    /// What a change of the load does before a new slot can be there (T4, T5).
    var reaction: [ServiceLevelLinter.Finding] {
        guard delay > limit else { return [] }
        var found: [ServiceLevelLinter.Finding] = []
        if least == 0 {
            found.append(
                error(
                    .scaleToZero,
                    "min_workers is 0, and a worker is there \(Words.seconds(delay)) after it is needed: the first "
                        + "task after a quiet time waits that long, not \(Words.seconds(limit)).",
                    "Set min_workers to 1, or promise more than \(Words.seconds(delay))."))
        }
        if level.burst > 1 { return found + reserve }
        let given =
            "A slot works \(Words.seconds(delay)) after it is needed, and a task may wait for \(Words.seconds(limit))"
        let fate = level.overflow == .reject ? "late or refused" : "late"
        guard let rate else {
            found.append(
                warning(
                    .noReserve,
                    "\(given): what comes in the first \(Words.seconds(delay - limit)) of a sudden rise above the "
                        + "capacity is \(fate).",
                    "Set burst_factor to the rise that shall be covered without notice, and arrival_rate, so that the "
                        + "reserve can be computed."))
            return found
        }
        guard let overload = overload(rate: rate), overload.unavoidablyLate >= 1 else { return found }
        let safe = try? Overload.longestSafeDelay(
            wait: limit, factor: step, utilization: rate * service / Double(max(1, overload.servers)))
        let startup = (safe ?? 0) - circumstances.reaction
        let faster = startup > 0 ? ", or bring the start-up down to \(Words.seconds(startup))" : ""
        found.append(
            warning(
                .noReserve,
                "\(given): if arrivals rise from \(Words.number(rate)) to \(Words.number(rate * step)) tasks/s at "
                    + "once, at least \(Words.number(overload.unavoidablyLate.rounded(.up))) tasks are \(fate), "
                    + "whatever the policy.",
                "Keep \(Words.slots(whole(overload.standingReserve))) standing (burst_factor: \(Words.number(step)))"
                    + "\(faster)."))
        return found
    }

    /// Whether the standing reserve that was asked for exists.
    private var reserve: [ServiceLevelLinter.Finding] {
        guard let rate, let overload = overload(rate: rate), overload.standingReserve > Double(most) else { return [] }
        return [
            error(
                .reserveTooLarge,
                "A burst of \(Words.number(step)) times \(Words.number(rate)) tasks/s without notice takes "
                    + "\(Words.slots(whole(overload.standingReserve))) standing, and max_workers allows for \(most).",
                "Raise max_workers to \(workers(for: whole(overload.standingReserve))), or ask for a smaller burst.")
        ]
    }

    /// The rules of other policies, where one of them is used.
    var rules: [ServiceLevelLinter.Finding] { threshold + restingWait }

    private var threshold: [ServiceLevelLinter.Finding] {
        guard circumstances.policy == "littleq", let rate, let overload = overload(rate: rate),
            level.scaleThreshold > overload.safeThreshold
        else { return [] }
        let safe = (overload.safeThreshold * 100).rounded(.down) / 100
        let depth = rate * limit
        let what =
            "The policy littleq adds a worker at \(Words.percent(level.scaleThreshold)) of "
            + "L = \(Words.number(depth)) waiting tasks; if arrivals rise to \(Words.number(step)) times "
            + "\(Words.number(rate)) tasks/s, that worker is there too late, \(Words.seconds(delay)) afterwards, "
        if safe > 0 {
            return [
                warning(
                    .threshold, what + "unless it is added at \(Words.percent(safe)).",
                    "Set scale_threshold to at most \(Words.number(safe)), or use the policy foresight.")
            ]
        }
        return [
            warning(
                .threshold, what + "even if it is added at the first waiting task.",
                level.burst > 1
                    ? "Use the policy foresight; no scale_threshold is safe."
                    : "Keep a reserve (burst_factor: \(Words.number(step))); no scale_threshold is safe.")
        ]
    }

    private var restingWait: [ServiceLevelLinter.Finding] {
        guard let depth = circumstances.depthPerSlot, depth > 0, depth * service > limit else { return [] }
        return [
            error(
                .restingWait,
                "One slot per \(Words.number(depth)) waiting tasks rests at a line of \(Words.number(depth)) per busy "
                    + "slot, so each task waits \(Words.number(depth)) × \(Words.seconds(service)) = "
                    + "\(Words.seconds(depth * service)) in the steady state, more than \(Words.seconds(limit)).",
                "Ask for one slot per \(Words.number(limit / service / 2)) waiting tasks at most, or use the policy "
                    + "foresight.")
        ]
    }

    /// A step by κ from the fleet that the usual load needs.
    private func overload(rate: Double) -> Overload? {
        let usual = min(max(slotsNeeded(variation: variation) ?? whole(rate * service), least), most)
        return try? Overload(
            arrivalRate: rate * step, serviceTime: service, servers: usual, wait: limit, delay: delay)
    }

    private func whole(_ slots: Double) -> Int { Int(exactly: slots.rounded(.up)) ?? Int.max / 2 }
}

extension ServiceLevelLinter.Judgement {
    /// Whether the promise says something that can be checked.
    var measure: [ServiceLevelLinter.Finding] {
        var found: [ServiceLevelLinter.Finding] = []
        if level.overflow == .accept {
            found.append(
                warning(
                    .targetOnly,
                    "overflow is accept: nothing is refused, so \(Words.seconds(limit)) is a target and no promise.",
                    "Set overflow to reject for a promise, or to demote so that late tasks make no others late."))
        }
        guard case .stochastic = level.mode else { return found }
        guard level.miss > 0 else {
            found.append(
                error(
                    .missTooSmall, "No task may start late, and a stochastic promise cannot exclude it.",
                    "Allow for a share of late starts, or make the promise hard."))
            return found
        }
        // Seeing nothing among n tasks shows, with 95 % confidence, a share below 3/n.
        let tasks = 3 / level.miss
        let time = rate.map { tasks / $0 }
        guard time ?? 0 > Self.patience || (time == nil && level.miss < 1e-5) else { return found }
        let lasts = time.map { ", which takes \(Words.number($0 / 86_400)) days" } ?? ""
        found.append(
            warning(
                .missTooSmall,
                "A share of \(Words.number(level.miss)) of late starts can only be shown by \(Words.number(tasks)) "
                    + "tasks without one\(lasts); until then a single late start breaks the promise.",
                "Allow for more late starts, or make the promise hard."))
        return found
    }

    /// The longest window of the ledger, in seconds.
    private static let patience = PromiseLedger.Window.threeDays.seconds
}
