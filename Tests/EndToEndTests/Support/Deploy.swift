import Foundation

/// The folder `deploy` of the repository.
enum Deploy {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("deploy")

    /// A query of a panel.
    struct PanelQuery {
        let place: String
        let expression: String
    }

    /// Every query of the dashboards, for all queues.
    static func panelQueries() throws -> [PanelQuery] {
        let dashboards = folder.appendingPathComponent("grafana/dashboards")
        let files = try FileManager.default.contentsOfDirectory(atPath: dashboards.path)
        return try files.filter { $0.hasSuffix(".json") }.sorted().flatMap { file in
            let data = try Data(contentsOf: dashboards.appendingPathComponent(file))
            let dashboard = try JSONDecoder().decode(Dashboard.self, from: data)
            return dashboard.panels.flatMap { panel in
                (panel.targets ?? []).map { target in
                    let expression = target.expr.replacingOccurrences(of: "${queue:regex}", with: ".+")
                        .replacingOccurrences(of: "$queue", with: ".+")
                        .replacingOccurrences(of: "$__rate_interval", with: "15s")
                    return PanelQuery(place: "\(file), \(panel.title)", expression: expression)
                }
            }
        }
    }

    /// The names of metrics that an expression may mean: words with an underscore that are not followed by `(`.
    static func metricNames(in expression: String) -> Set<String> {
        let bare = expression.replacing(#/"[^"]*"/#, with: "")
            .replacing(#/(by|without|on|ignoring)\s*\([^)]*\)/#, with: "")
            .replacing(#/group_(left|right)\s*(\([^)]*\))?/#, with: "")
        let words = bare.matches(of: #/[a-z][a-z0-9_:]*_[a-z0-9_:]*(?!\w)(?!\s*\()/#).map { String($0.output) }
        return Set(words)
    }

    private struct Dashboard: Decodable {
        struct Target: Decodable { let expr: String }
        struct Panel: Decodable {
            let title: String
            let targets: [Target]?
        }
        let panels: [Panel]
    }
}
