import Foundation
import SojournTestKit
import Testing

extension EndToEnd {
    @Suite("Migrations") struct MigrateTests {
        private struct Status: Decodable {
            let applied: [String]
            let pending: [String]
            let newer: Bool
        }

        private func status(_ site: Site, _ arguments: [String] = ["--status"]) async throws -> Status {
            let result = try await site.run(["migrate", "--json"] + arguments)
            #expect(result.status == .exit(0), "\(result)")
            return try JSONDecoder().decode(Status.self, from: Data(result.output.utf8))
        }

        @Test func areShownAndApplied() async throws {
            try await Site.with { site in
                let before = try await status(site)
                #expect(before.applied.isEmpty && !before.pending.isEmpty && !before.newer)
                let data = site.folder.appendingPathComponent("sojourn-data")
                #expect(!FileManager.default.fileExists(atPath: data.path), "looking made a folder")

                let after = try await status(site, [])
                #expect(after.applied == before.pending && after.pending.isEmpty)
                try await site.withServer { _ in
                    let beside = try await status(site)
                    #expect(beside.applied == after.applied)
                    let apply = try await site.run(["migrate"])
                    #expect(apply.status == .exit(1) && apply.errors.contains("in use"))
                }
                let shown = try await site.run(["migrate", "--status"])
                #expect(shown.output.contains("pending  none"))
            }
        }
    }
}
