import Queueing

/// What this module answers to the question of a reference row, and how exact it claims to be.
struct ReferenceAnswer {
    let value: Double
    var tolerance = 1e-12

    /// nil where no function belongs to the row.
    init?(_ row: ReferenceRow) throws {
        let numbers = row.numbers
        let answer: Double?
        switch row.model {
        case "M/M/c/c (Erlang B)": answer = try row.erlangB(numbers)
        case "M/M/c (Erlang C)": answer = try row.erlangC(numbers)
        case "M/M/c/K":
            answer = try MMcK(
                arrivalRate: row.rate, serviceTime: 1 / row.serviceRate, servers: row.servers,
                capacity: Int(numbers[0])
            ).blockingProbability
        case "M/M/c+M (Erlang A)": answer = try row.erlangA(numbers)
        case "M/G/1 (Pollaczek-Khinchine)":
            answer = try MG1(
                arrivalRate: row.rate, serviceTime: 1 / row.serviceRate, serviceVariation: row.variation
            ).meanWait
        case "M/D/1":
            answer = try MD1(arrivalRate: row.rate, serviceTime: 1 / row.serviceRate).waitWithin(numbers[0])
        case "M/M/c non-preemptive priority": answer = try row.priority()
        case "M/M/c Halfin-Whitt limit": answer = try HalfinWhitt.waitProbability(beta: numbers[0])
        case "D/M/c": answer = try row.spaced(.constant)
        case "E2/M/c": answer = try row.spaced(.erlang(phases: 2))
        case "M/D/c":
            tolerance = 1e-9
            answer = try row.constantService()
        case "M/E2/c", "M/H2/c (balanced means)":
            tolerance = 1e-9
            answer = try row.phaseService()
        default: answer = try row.approximation()
        }
        guard let answer else { return nil }
        value = answer
    }
}

extension ReferenceRow {
    /// All numbers in the name of the quantity.
    var numbers: [Double] { quantity.split { !"0123456789.".contains($0) }.compactMap { Double($0) } }

    /// All arrivals per second.
    var rate: Double { rates.reduce(0, +) }

    fileprivate var rates: [Double] { arrivalRate.split(separator: "+").compactMap { Double($0) } }

    fileprivate var mmc: MMc {
        get throws { try MMc(arrivalRate: rate, serviceTime: 1 / serviceRate, servers: servers) }
    }

    fileprivate func erlangB(_ numbers: [Double]) throws -> Double? {
        switch quantity {
        case "P_block": try Erlang.blocking(servers: servers, load: rate / serviceRate)
        case let name where name.hasPrefix("offered_load"): try Erlang.load(servers: servers, blocking: numbers[0])
        default: nil
        }
    }

    fileprivate func erlangC(_ numbers: [Double]) throws -> Double? {
        switch quantity {
        case "P_wait": try mmc.waitProbability
        case "P0": try mmc.emptyProbability
        case "Wq_mean": try mmc.meanWait
        case "Lq_mean": try mmc.meanQueueLength
        case "W_system_mean": try mmc.meanTimeInSystem
        case let name where name.hasPrefix("P(W>"): try mmc.waitTail(beyond: numbers[0])
        case let name where name.hasPrefix("min_c"):
            Double(
                try StaffingRule(wait: numbers[0], lateShare: numbers[1], serviceTime: 1 / serviceRate)
                    .servers(load: rate / serviceRate))
        default: nil
        }
    }

    fileprivate func erlangA(_ numbers: [Double]) throws -> Double? {
        let queue = try ErlangA(
            arrivalRate: rate, serviceTime: 1 / serviceRate, servers: servers, meanPatience: 1 / numbers[0])
        return quantity.hasPrefix("P_wait") ? queue.waitProbability : queue.abandonProbability
    }

    fileprivate func priority() throws -> Double? {
        let queue = try PriorityMMc(arrivalRates: rates, serviceTime: 1 / serviceRate, servers: servers)
        return quantity == "Wq_high" ? queue.meanWaits.first : queue.meanWaits.last
    }

    fileprivate func spaced(_ spacing: ArrivalSpacing) throws -> Double? {
        let queue = try GIMc(arrivalRate: rate, serviceTime: 1 / serviceRate, servers: servers, spacing: spacing)
        return quantity == "P_wait" ? queue.waitProbability : queue.meanWait
    }

    fileprivate func constantService() throws -> Double? {
        let queue = try MDc(arrivalRate: rate, serviceTime: 1 / serviceRate, servers: servers)
        return quantity == "P_wait" ? queue.waitProbability : queue.meanWait
    }

    fileprivate func phaseService() throws -> Double? {
        let service =
            try
            (model == "M/E2/c"
            ? PhaseService.erlang2(mean: 1 / serviceRate)
            : PhaseService.hyperexponential2(mean: 1 / serviceRate, variation: variation))
        let queue = try MPHc(arrivalRate: rate, servers: servers, service: service)
        return quantity == "P_wait" ? queue.waitProbability : queue.meanWait
    }

    fileprivate func approximation() throws -> Double? {
        switch model {
        case "M/D/c Cosmetatos approximation": try mmc.cosmetatosMeanWait
        case "M/G/c Kimura approximation": try mmc.kimuraMeanWait(serviceVariation: variation) * rate
        case "G/G/c Allen-Cunneen (ca2=0.5)":
            try mmc.allenCunneenMeanWait(arrivalVariation: 0.5, serviceVariation: variation)
        case "G/G/c Allen-Cunneen (ca2=1)":
            try mmc.allenCunneenMeanWait(arrivalVariation: 1, serviceVariation: variation)
        case "GI/G/1 Kingman bound (ca2=1)":
            try Kingman.meanWaitBound(
                arrivalRate: rate, serviceTime: 1 / serviceRate, arrivalVariation: 1, serviceVariation: variation)
        default: nil
        }
    }
}
