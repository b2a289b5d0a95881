import Foundation
import SojournModel
import SojournWire
import Testing

@testable import SojournTerminal

/// How queues are to be judged, whoever judges: the monitor, or the dashboard.
struct VerdictTable {
    struct Case {
        let state: String
        let view: QueueView
        let past: QueuePast
        let description: String
    }

    let cases: [Case]

    init() throws {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let file = tests.deletingLastPathComponent().appendingPathComponent("EndToEndTests/Support/verdicts.json")
        let table = try #require(JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        let queue = try #require(table["queue"] as? [String: Any])
        cases = try #require(table["cases"] as? [[String: Any]]).map { item in
            let change = try #require(item["change"] as? [String: Any])
            let bytes = try JSONSerialization.data(withJSONObject: queue.merging(change) { $1 })
            let before = item["before"] as? [String: Double] ?? [:]
            let past = QueuePast(
                service: before["service"].map { .seconds($0) }, refusals: before["refusals"].map { Int($0) },
                missing: .seconds(before["missingFor"] ?? 0))
            return Case(
                state: try #require(item["state"] as? String),
                view: try QueueView(json: JSONValue(validating: Array(bytes))), past: past,
                description: "\(change) \(before)")
        }
    }
}
