#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The mean of factors.
func geometricMean(_ factors: [Double]) -> Double {
    factors.isEmpty ? 0 : exp(factors.map { log($0) }.reduce(0, +) / Double(factors.count))
}

extension Comparison {
    /// A table as rows of cells, the heading first.
    public typealias Cells = [[String]]

    /// What the cells of ``cells`` say.
    public static let legend =
        "Each cell: share of tasks late (%) / p99 wait (s) / slot-seconds over those of a plan that knew the future /"
        + " scale actions. rej = refused (%)."

    /// Policies by workloads.
    public var cells: Cells { [["policy"] + columns] + rows.map { [$0.policy] + $0.results.map(Self.cell) } }

    /// Policies by what counts over all workloads.
    public var summary: Cells {
        let heading = [
            "policy", "worst late %", "geometric-mean cost", "worst cost",
            "workloads with <= \(Decimals.percent(miss)) % late", "of these also <= 1.15x",
        ]
        return [heading]
            + rows.map {
                [
                    $0.policy, Decimals.fixed(100 * $0.worstBreachRatio, 3), Decimals.fixed($0.meanCost, 2),
                    Decimals.fixed($0.worstCost, 2), "\($0.kept(miss))/\($0.results.count)",
                    "\($0.kept(miss, below: 1.15))/\($0.results.count)",
                ]
            }
    }

    /// Both tables in Markdown.
    public var markdown: String {
        "\(Self.legend)\n\n\(Self.markdown(cells))\n\(Self.markdown(summary))"
    }

    /// Both tables for a terminal.
    public var text: String { "\(Self.legend)\n\n\(Self.text(cells))\n\(Self.text(summary))" }

    private static func cell(_ result: SimulationResult) -> String {
        let parts = [
            Decimals.percent(result.breachRatio), Decimals.short(result.waitP99),
            Decimals.fixed(result.relativeCost, 2), "\(result.scaleActions)",
        ]
        let refused = Double(result.rejected) / Double(max(1, result.arrivals))
        return parts.joined(separator: " / ") + (refused > 0 ? " rej \(Decimals.percent(refused))" : "")
    }

    private static func markdown(_ cells: Cells) -> String {
        let lines = cells.map { "| " + $0.map(escaped).joined(separator: " | ") + " |" }
        guard let heading = cells.first, let first = lines.first else { return "" }
        let rule = "|" + String(repeating: "---|", count: heading.count)
        return ([first, rule] + lines.dropFirst()).joined(separator: "\n") + "\n"
    }

    private static func escaped(_ text: String) -> String {
        text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }

    private static func text(_ cells: Cells) -> String {
        let columns = cells.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            cells.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        let lines = cells.map { row in
            row.enumerated().map { Decimals.padded($1, widths[$0], left: $0 > 0) }.joined(separator: "  ")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
