import Foundation
import SojournTestKit
import Testing

extension EndToEnd {
    @Suite("Deployment") struct DeployTests {
        /// It needs no engine to check a file.
        private static let plugin = ["/usr/libexec", "/usr/lib", "/usr/local/lib"]
            .map { $0 + "/docker/cli-plugins/docker-compose" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }

        @Test("docker compose understands its file", .enabled(if: plugin != nil, "docker compose is not installed"))
        func compose() async throws {
            try await TemporaryFolder.with { folder in
                let words = [
                    "compose", "--file", Deploy.folder.appendingPathComponent("docker-compose.yml").path, "--env-file",
                    Deploy.folder.appendingPathComponent(".env.example").path, "config", "--quiet",
                ]
                let program = try Program(words, program: try #require(Self.plugin), in: folder)
                let ending = try await program.wait()
                #expect(ending == .exit(0), "\(program.errors)")
            }
        }

        /// The demo's settings are valid, and promise what its dashboards show.
        @Test func theDemoStarts() async throws {
            let settings = try String(contentsOf: Deploy.folder.appendingPathComponent("sojourn.yaml"), encoding: .utf8)
            try await Site.with(configuration: settings) { site in
                try await site.withServer { server in
                    let answer = try await server.wire.get("/queues/realtime")
                    #expect(answer.status == 200)
                }
            }
        }
    }
}
