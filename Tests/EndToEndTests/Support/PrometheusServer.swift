import Foundation
import SojournTestKit
import Testing

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// A real Prometheus of one test, which scrapes every second and runs the rules of `deploy/prometheus`.
struct PrometheusServer {
    static let executable = find("prometheus")
    static let tool = find("promtool")

    private let wire: Wire
    private let program: Program

    /// Runs `body` with one that scrapes `jobs`, given by name as `host:port`.
    static func with(
        _ jobs: [String: String], in folder: URL, _ body: (PrometheusServer) async throws -> Void
    ) async throws {
        let server = try await start(jobs, in: folder)
        do {
            try await body(server)
        } catch {
            server.program.send(SIGKILL)
            throw TimedOut(description: "\(error)")
        }
        server.program.send(SIGTERM)
        try await server.program.wait()
    }

    private static func start(_ jobs: [String: String], in folder: URL) async throws -> PrometheusServer {
        let rules = Deploy.folder.appendingPathComponent("prometheus")
        let lines =
            ["global: { scrape_interval: 1s, evaluation_interval: 1s }", "rule_files:"]
            + ["rules.yml", "alerts.yml"].map { "  - \(rules.appendingPathComponent($0).path)" } + ["scrape_configs:"]
            + jobs.sorted { $0.key < $1.key }.map { job, target in
                "  - { job_name: \(job), static_configs: [{ targets: [\"\(target)\"] }] }"
            }
        let file = folder.appendingPathComponent("prometheus.yml")
        try Data(lines.joined(separator: "\n").utf8).write(to: file)
        let port = try FreePort.next()
        let program = try Program(
            [
                "--config.file=\(file.path)", "--storage.tsdb.path=\(folder.path)/prometheus",
                "--web.listen-address=127.0.0.1:\(port)",
            ], program: try #require(executable), in: folder)
        let server = PrometheusServer(wire: Wire(url: "http://127.0.0.1:\(port)"), program: program)
        _ = try await eventually("Prometheus is ready") {
            if let ending = program.ending { throw TimedOut(description: "\(ending): \(program.errors)") }
            return (try? await server.wire.get("/-/ready"))?.status == 200 ? true : nil
        }
        return server
    }

    /// The series that a query answers; the error where it is none.
    func query(_ expression: String) async throws -> [Series] {
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~")
        let escaped = expression.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
        let answer: QueryAnswer = try await wire.get("/api/v1/query?query=\(escaped)").decode()
        guard let data = answer.data else { throw TimedOut(description: "\(expression): \(answer.error ?? "")") }
        return data.result
    }

    /// The names of all metrics that it has seen.
    func names() async throws -> Set<String> {
        let answer: NamesAnswer = try await wire.get("/api/v1/label/__name__/values").decode()
        return Set(answer.data)
    }

    /// Recording rules and alerts, as it has evaluated them.
    func rules() async throws -> [Rule] {
        let answer: RulesAnswer = try await wire.get("/api/v1/rules").decode()
        return answer.data.groups.flatMap(\.rules)
    }

    struct Series: Decodable {
        let metric: [String: String]
    }

    struct Rule: Decodable {
        let name: String
        let query: String
        let health: String
        let lastError: String?
    }

    private struct QueryAnswer: Decodable {
        struct Result: Decodable { let result: [Series] }
        let data: Result?
        let error: String?
    }

    private struct NamesAnswer: Decodable {
        let data: [String]
    }

    private struct RulesAnswer: Decodable {
        struct Group: Decodable { let rules: [Rule] }
        struct Groups: Decodable { let groups: [Group] }
        let data: Groups
    }

    private static func find(_ name: String) -> String? {
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return (path + ["/usr/bin", "/opt/homebrew/bin"]).map { "\($0)/\(name)" }
            .first(where: FileManager.default.isExecutableFile)
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips a test where no Prometheus is installed.
    static var needsPrometheus: Self {
        .enabled(
            if: PrometheusServer.executable != nil && PrometheusServer.tool != nil, "Prometheus is not installed")
    }
}
