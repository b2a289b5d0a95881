import Foundation
import SojournTestKit
import Testing

extension EndToEnd {
    /// A person with a browser: `Support/dashboard_check.py` is that person. Screenshots stay in `.build/screenshots`.
    @Suite("Dashboard in a browser", .enabled(if: Chromium.path != nil, "Chromium is not installed"))
    struct DashboardTests {
        private static let configuration = """
            queues:
              mail: { arrival_rate: 100, sla_seconds: 5 }
              tight: { arrival_rate: 1, sla_seconds: 0.1, overflow: reject, service_seconds: 5 }
            retry: { base_ms: 100, jitter_ms: 0 }
            """

        @Test("it is live, does what its buttons say, and is not fooled by what it shows")
        func works() async throws {
            try await Site.with(configuration: Self.configuration) { site in
                try await site.withServer(["--concurrency", "4"]) { server in
                    try await server.wire.withLoad { try await check(server.wire, in: site.folder) }
                }
            }
        }

        @Test("it asks for the key where there is one")
        func key() async throws {
            let key = "a-key-that-is-long-enough-for-a-server"
            try await Site.with(configuration: Self.configuration) { site in
                try await site.withServer(environment: ["SOJOURN_API_KEYS": key]) { server in
                    var wire = server.wire
                    wire.key = key
                    try await wire.withLoad { try await check(wire, in: site.folder) }
                }
            }
        }

        private func check(_ wire: Wire, in folder: URL) async throws {
            let support = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Support")
            let shots = support.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
                .appendingPathComponent(".build/screenshots")
            try FileManager.default.createDirectory(at: shots, withIntermediateDirectories: true)
            var words = [
                "python3", support.appendingPathComponent("dashboard_check.py").path, "--url", wire.url, "--shots",
                shots.path, "--chromium", try #require(Chromium.path),
            ]
            if let key = wire.key { words += ["--key", key] }
            let program = try Program(words, program: "/usr/bin/env", in: folder)
            let ending = try await program.wait(within: .seconds(180))
            #expect(ending == .exit(0), "\(program.output)\(program.errors)")
        }
    }
}

/// The browser of the tests.
private enum Chromium {
    static let path = ["/usr/bin/chromium", "/Applications/Chromium.app/Contents/MacOS/Chromium"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }
}
