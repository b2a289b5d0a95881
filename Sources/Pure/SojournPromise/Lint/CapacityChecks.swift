internal import Queueing

extension ServiceLevelLinter.Judgement {
    /// Whether the largest fleet can keep the promise in steady state.
    var capacity: [ServiceLevelLinter.Finding] {
        var found: [ServiceLevelLinter.Finding] = []
        if service > level.serviceMax {
            found.append(
                error(
                    .leaseTooShort,
                    "An attempt takes \(Words.seconds(service)) on average, and its lease ends after "
                        + "\(Words.seconds(level.serviceMax)).",
                    "Make the lease several times as long as the service time."))
        }
        guard let rate, let load else { return found }
        let traffic = "\(Words.number(rate)) tasks/s of \(Words.seconds(service)) keep \(Words.number(load)) slots busy"
        let needed = slotsNeeded(variation: variation)
        guard load < Double(most) else {
            let enough = needed.map { "\(workers(for: $0)) (\(Words.slots($0)))" } ?? "more than \(Words.number(load))"
            found.append(
                error(
                    .unstable,
                    "\(traffic), and max_workers allows for \(Words.slots(most)): the line grows without end and "
                        + "every task is late sooner or later.",
                    "Raise max_workers to \(enough), or lower arrival_rate below "
                        + "\(Words.number(Double(most) / service)) tasks/s."))
            return found
        }
        guard let needed, needed > most else { return found }
        let share = Words.percent(1 - level.miss)
        let late = Words.percent(lateShare(slots: most) ?? 1)
        let remedy = "Raise max_workers to \(workers(for: needed)), or promise less."
        // Where equal services would be in time, their variation is the reason.
        let tail = service * (1 + 3 * variation.squareRoot())
        if limit < tail, let equal = slotsNeeded(variation: 0), equal <= most {
            found.append(
                error(
                    .serviceTail,
                    "Services vary (c² = \(Words.number(variation))): long ones take \(Words.seconds(tail)), and a "
                        + "task may wait for \(Words.seconds(limit)) only. For services of equal length "
                        + "\(Words.slots(equal)) would do, for these it takes \(needed), and max_workers allows for "
                        + "\(most): \(late) of the tasks start late.",
                    "Raise max_workers to \(workers(for: needed)), or give the long tasks a queue of their own."))
        } else {
            found.append(
                error(
                    .tooFewSlots,
                    "\(traffic); with the \(most) that max_workers allows for, \(late) of the tasks start after more "
                        + "than \(Words.seconds(limit)), and \(share) in time takes \(needed).", remedy))
        }
        return found
    }

    /// Slots that keep the promise in steady state (T7); nil where the load is unknown or nothing suffices.
    func slotsNeeded(variation: Double) -> Int? {
        guard let load, level.miss > 0 else { return nil }
        return try? rule(variation: variation).servers(load: load)
    }

    /// The share of the tasks that start late with so many slots in steady state.
    func lateShare(slots: Int) -> Double? {
        guard let load, level.miss > 0 else { return nil }
        return try? rule(variation: variation).lateShare(servers: slots, load: load)
    }

    private func rule(variation: Double) throws(QueueingError) -> StaffingRule {
        try StaffingRule(
            wait: limit, lateShare: level.miss, serviceTime: service, serviceVariation: variation)
    }

    /// What a hard promise (T1) leaves room for.
    var hardPromise: [ServiceLevelLinter.Finding] {
        guard case .hard(let crashes) = level.mode else { return [] }
        var found: [ServiceLevelLinter.Finding] = []
        if level.overflow != .reject {
            found.append(
                error(
                    .hardNeedsReject,
                    "A hard promise is kept by refusing what cannot start in time, and overflow is "
                        + "\(level.overflow.rawValue).", "Set overflow to reject."))
        }
        let lease = level.serviceMax
        let promise = try? HardPromise(servers: most, longestService: lease)
        let places = (try? promise?.capacity(within: limit, crashes: crashes)) ?? 0
        if lease > limit {
            found.append(
                error(
                    .leaseTooLong,
                    "An attempt may hold its slot for \(Words.seconds(lease)) (the lease), and a task may wait for "
                        + "\(Words.seconds(limit)): ⌊\(Words.number(limit))/\(Words.number(lease))⌋ = 0 places, so no "
                        + "task can ever wait.",
                    "Set the lease to at most \(Words.seconds(limit)), \(Words.seconds(limit / 2)) for two places per "
                        + "slot, or make the promise stochastic."))
        } else if places == 0 {
            found.append(
                error(
                    .hardCapacity,
                    "With \(Words.slots(most)) and \(Words.count(crashes, "crash", "crashes")) allowed for, no place "
                        + "is left for a waiting task.", "Raise max_workers, or allow for fewer crashes."))
        } else {
            let usual = Double(most) * limit / service
            if Double(places) * 5 < usual {
                found.append(
                    warning(
                        .hardCapacity,
                        "Of the \(Words.number(usual)) tasks that \(Words.slots(most)) start within "
                            + "\(Words.seconds(limit)) on average, a hard promise lets only "
                            + "K = \(places) wait, because each of them might take \(Words.seconds(lease)) (the "
                            + "lease) and not \(Words.seconds(service)).",
                        "Shorten the lease, give the long tasks a queue of their own, or make the promise "
                            + "stochastic."))
            }
        }
        return found
    }
}
