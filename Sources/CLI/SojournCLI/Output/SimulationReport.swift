import SojournModel
import SojournSimulation

/// One simulated run, for people.
struct SimulationReport {
    let result: SimulationResult
    let limit: Double

    var text: String {
        var listing = Listing()
        listing.add("scenario", "\(result.scenario), seed \(result.seed)")
        listing.add("policy", result.policy)
        listing.add("tasks", "\(result.arrivals), \(result.rejected) refused")
        listing.add(
            "late",
            "\(result.breaches) of \(result.admitted) admitted (\(Words.fixed(result.breachRatio * 100, 3)) %) waited "
                + "longer than \(seconds(limit))")
        listing.add(
            "wait",
            "median \(seconds(result.waitP50)), 99 % \(seconds(result.waitP99)), longest \(seconds(result.waitMax))")
        listing.add("quotes", result.quoteCoverage.map { "\(Words.share($0)) of the quoted waits held" })
        listing.add(
            "slot-seconds",
            "\(Words.fixed(result.workerSeconds, 0)), "
                + "\(Words.fixed(result.workerSeconds / result.lowerBoundWorkerSeconds, 2)) times the lower bound of "
                + Words.fixed(result.lowerBoundWorkerSeconds, 0))
        listing.add(
            "clairvoyant",
            result.clairvoyantWorkerSeconds.map {
                "\(Words.fixed($0, 0)) slot-seconds, had the future been known"
            })
        listing.add("scaled", "\(result.scaleActions) times")
        let law = result.littlesLaw
        listing.add(
            "Little's law",
            [
                "L \(Words.fixed(law.depth, 3)) =", "λ \(Words.fixed(law.rate, 3)) ×", "W \(Words.fixed(law.wait, 3)),",
                "gap \(law.gap)",
            ].joined(separator: " "))
        return listing.text
    }

    private func seconds(_ value: Double) -> String { Words.duration(.clamping(seconds: value)) }
}
