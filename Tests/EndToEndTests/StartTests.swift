import Foundation
import SojournTestKit
import Testing

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

extension EndToEnd {
    @Suite("Starting") struct StartTests {
        /// What a command line and a configuration lead to.
        struct Case: Sendable, CustomTestStringConvertible {
            let arguments: [String]
            var configuration: String?
            var environment: [String: String] = [:]
            let status: Int32
            /// What standard error, or standard output where the status is 0, must contain.
            let says: String

            var testDescription: String { (arguments + environment.map { "\($0)=\($1)" }).joined(separator: " ") }
        }

        /// Whether the binary under test knows Postgres.
        private static var hasPostgres: Bool {
            #if Postgres
            true
            #else
            false
            #endif
        }

        static let cases: [Case] = [
            Case(arguments: ["--version"], status: 0, says: "sojourn 0.1.0\n"),
            Case(arguments: ["--help"], status: 0, says: "serve"),
            Case(arguments: ["help", "enqueue"], status: 0, says: "--idempotency-key"),
            Case(arguments: ["nonsense"], status: 2, says: "nonsense"),
            Case(arguments: ["config"], environment: ["WORKER_POOL": "3"], status: 0, says: "server.concurrency = 3"),
            Case(arguments: ["config", "--reference"], status: 0, says: "| `server.port` |"),
            Case(arguments: ["config"], configuration: "server: { port: -1 }\n", status: 2, says: "sojourn.yaml:1:"),
            Case(arguments: ["serve", "--port", "99999"], status: 2, says: "--port 99999"),
            Case(arguments: ["serve", "--concurrency", "many"], status: 2, says: "--concurrency many"),
            Case(arguments: ["serve", "--host", "0.0.0.0", "--port", "0"], status: 2, says: "API key"),
            Case(
                arguments: ["serve", "--host", "0.0.0.0", "--port", "0"],
                environment: ["SOJOURN_API_KEYS": "0123456789abcdef0123456789abcdef"], status: 2, says: "proxy"),
            Case(arguments: ["serve", "--redis", "redis://127.0.0.1:1"], status: 3, says: "cannot be reached"),
            Case(arguments: ["worker", "--redis", "127.0.0.1:1"], status: 3, says: "cannot be reached"),
            Case(
                arguments: ["dlq", "list"], environment: ["REDIS_ADDR": "127.0.0.1:1"], status: 3,
                says: "Redis at redis://127.0.0.1:1 cannot be reached"),
            Case(arguments: ["tasks", "list", "--redis", "redis://127.0.0.1/x"], status: 2, says: "database"),
            Case(arguments: ["tasks", "list", "--redis", "http://127.0.0.1"], status: 2, says: "redis+sentinel://"),
            Case(
                arguments: ["worker", "--redis", "redis://127.0.0.1:1", "--server", "http://127.0.0.1:1"], status: 2,
                says: "leave one of them out"),
            Case(arguments: ["serve", "--redis", "redis://127.0.0.1:1", "--data", "x"], status: 2, says: "--data"),
            Case(
                arguments: ["tasks", "list", "--server", "http://127.0.0.1:1"],
                environment: ["REDIS_ADDR": "127.0.0.1:2"], status: 3, says: "The server cannot be reached"),
            Case(
                arguments: ["worker"], environment: ["POSTGRES_URL": "postgres://127.0.0.1:1/a"],
                status: hasPostgres ? 3 : 2, says: hasPostgres ? "Connection refused" : "--traits Postgres"),
            Case(arguments: ["worker", "--concurrency", "0"], status: 2, says: "--concurrency"),
            Case(arguments: ["serve", "--config", "none.yaml"], status: 2, says: "none.yaml"),
            Case(
                arguments: ["serve"], configuration: "server:\n  host: 127.0.0.1\n  port: high\n", status: 2,
                says: "sojourn.yaml:3:"),
            Case(
                arguments: ["tasks", "list"], configuration: "queues:\n  mail:\n    sla_secnods: 1\n", status: 2,
                says: "sojourn.yaml:3:"),
            Case(arguments: ["serve"], environment: ["WORKER_POOL": "-1"], status: 2, says: "WORKER_POOL=-1"),
            Case(arguments: ["serve"], environment: ["SOJOURN_POTR": "1"], status: 2, says: "SOJOURN_POTR"),
            Case(arguments: ["serve", "--data", "/dev/null/data"], status: 1, says: "/dev/null/data"),
            Case(arguments: ["enqueue"], status: 2, says: "--type"),
            Case(arguments: ["enqueue", "--type", "a b"], status: 2, says: "A-Z a-z 0-9"),
            Case(arguments: ["enqueue", "--type", "a", "--payload", "{"], status: 2, says: "--payload must be JSON"),
            Case(arguments: ["enqueue", "--type", "a", "--payload", "@none"], status: 2, says: "@none cannot be read"),
            Case(arguments: ["enqueue", "--type", "a", "--delay", "soon"], status: 2, says: "500ms, 30s"),
            Case(arguments: ["enqueue", "--type", "a", "--max-retries", "1001"], status: 2, says: "0 to 1000"),
            Case(arguments: ["tasks", "show", "42"], status: 2, says: "01979f3c"),
            Case(arguments: ["tasks", "list", "--limit", "501"], status: 2, says: "1 to 500"),
            Case(arguments: ["dlq", "purge"], status: 2, says: "--all"),
            Case(arguments: ["tasks", "list", "--server", "ftp://a"], status: 2, says: "--server ftp://a"),
            Case(arguments: ["tasks", "list", "--server", "http://127.0.0.1:1"], status: 3, says: "cannot be reached"),
            Case(
                arguments: ["monitor", "--once"], environment: ["SOJOURN_SERVER": "http://127.0.0.1:1"], status: 3,
                says: "cannot be reached"),
        ]

        @Test(arguments: cases) func endsAsItShould(_ given: Case) async throws {
            try await Site.with(configuration: given.configuration) { site in
                let result = try await site.run(given.arguments, environment: given.environment)
                #expect(result.status == .exit(given.status), "\(result)")
                let said = given.status == 0 ? result.output : result.errors
                #expect(said.contains(given.says), "\(result)")
                #expect(given.status == 0 ? result.errors.isEmpty : result.output.isEmpty, "\(result)")
            }
        }

        @Test func aDataFolderHasOneServer() async throws {
            try await Site.with { site in
                try await site.withServer { _ in
                    let second = try await site.run(["serve", "--port", "0"])
                    #expect(second.status == .exit(1))
                    #expect(second.output.isEmpty)
                    let sentence = "Error: The data folder ./sojourn-data is in use by another sojourn process.\n"
                    #expect(second.errors == sentence)
                }
            }
        }

        @Test func aPortHasOneServer() async throws {
            try await Site.with { site in
                try await site.withServer { server in
                    let port = try #require(server.wire.url.split(separator: ":").last)
                    let second = try await site.run(["serve", "--port", String(port), "--data", "other"])
                    #expect(second.status == .exit(1))
                    #expect(second.errors.contains("Cannot listen on 127.0.0.1, port \(port)"))
                }
            }
        }

        @Test func aKeyIsAskedFor() async throws {
            let key = "0123456789abcdef0123456789abcdef"
            try await Site.with(environment: ["SOJOURN_API_KEYS": key]) { site in
                try await site.withServer { server in
                    let address = ["SOJOURN_SERVER": server.wire.url]
                    let without = try await site.run(["tasks", "list"], environment: address)
                    #expect(without.status == .exit(1))
                    let with = try await site.run(
                        ["tasks", "list"], environment: address.merging(["SOJOURN_API_KEY": key]) { $1 })
                    #expect(with.status == .exit(0))
                    #expect(try await server.wire.get("/healthz").status == 200)
                    #expect(!server.program.output.contains(key) && !server.program.errors.contains(key))
                }
            }
        }

        @Test func everyLogLineIsAnObject() async throws {
            try await Site.with(environment: ["LOG_LEVEL": "debug"]) { site in
                let server = try await site.start()
                _ = try await server.wire.get("/healthz")
                server.program.send(SIGINT)
                #expect(try await server.program.wait() == .exit(0))
                let lines = server.program.errors.split(separator: "\n")
                #expect(lines.contains { $0.contains(#""message":"Listening""#) })
                for line in lines {
                    let object = try JSONDecoder().decode(LogLine.self, from: Data(line.utf8))
                    #expect(object.time.hasSuffix("Z") && !object.level.isEmpty && !object.label.isEmpty, "\(line)")
                }
            }
        }

        private struct LogLine: Decodable {
            let time: String
            let level: String
            let label: String
            let message: String
        }
    }
}
