#if Redis
import Foundation
import RESP
import RedisTestKit
import SojournTestKit
import Testing

/// What can be wrong with a server that is there.
enum Trouble: String, CaseIterable, CustomTestStringConvertible {
    /// It reads its data from the disk, and answers `LOADING`.
    case loading
    /// It runs a script without end, and answers `BUSY`.
    case busy
    /// It cannot write to its disk, and answers `MISCONF`.
    case misconfigured
    /// It says nothing at all, and its connections stay open.
    case frozen
    /// It takes no connection more, and ends the ones there are.
    case crowded
    /// It became a replica, and answers `READONLY`.
    case demoted

    var testDescription: String { rawValue }

    /// The trouble begins, lasts for a moment, and is over.
    func happen(to server: RedisProcess, _ stage: Stage) async throws {
        let client = try stage.client(server.address, RedisConfiguration(commandTimeout: .seconds(30)))
        switch self {
        case .loading:
            try await client.configure("key-load-delay", "50000")
            _ = try await client.send(Command("DEBUG", key: nil, "RELOAD"))
        case .busy: try await keepBusy(client, try stage.client(server.address))
        case .misconfigured: try await failToSave(client, server)
        case .frozen:
            server.freeze()
            try await last()
            server.thaw()
        case .crowded:
            try await client.configure("maxclients", "1")
            for kind in ["normal", "pubsub"] {
                _ = try await client.send(Command("CLIENT", key: nil, "KILL", "TYPE", kind))
            }
            try await last()
            try await client.configure("maxclients", "1000")
        case .demoted:
            _ = try await client.send(Command("REPLICAOF", key: nil, "127.0.0.1", "\(try FreePort.next())"))
            try await last()
            try await client.followNobody()
        }
    }

    /// Not a wait for something to happen: how long the trouble is to last.
    private func last() async throws { try await Task.sleep(for: .milliseconds(1_200)) }

    private func keepBusy(_ client: RedisClient, _ other: RedisClient) async throws {
        _ = try await other.send(Command("PING"))
        async let endless = client.send([Script("while true do end").call(keys: [])])
        try await last()
        _ = try await other.send(Command("SCRIPT", key: nil, "KILL"))
        _ = try await endless
    }

    private func failToSave(_ client: RedisClient, _ server: RedisProcess) async throws {
        // A snapshot cannot take the place of a folder.
        let folder = server.folder.appendingPathComponent("occupied")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try await client.configure("dbfilename", "occupied")
        try await client.configure("save", "3600 1")
        _ = try await client.send(Command("BGSAVE"))
        try await eventually("it could not save") {
            try await client.info("persistence")["rdb_last_bgsave_status"] == "err"
        }
        try await last()
        try await client.configure("save", "")
    }
}

@Suite("Redis in trouble under load", .needsRedis) struct TroubleTests {
    private static let settings = [
        "enable-debug-command yes", "enable-protected-configs yes", "loading-process-events-interval-bytes 1024",
        "lua-time-limit 50",
    ]

    @Test(arguments: Trouble.allCases)
    func isHeardOfAndOver(trouble: Trouble) async throws {
        try await withServer(Self.settings) { stage, server in
            // Less patient than usual, or the trouble would have to last longer.
            let configuration = RedisConfiguration(commandTimeout: .milliseconds(400))
            let application = try Application(on: server.address, stage, configuration: configuration)
            try await application.run {
                try await application.underLoad {
                    try await application.makesProgress(50)
                    let refusals = application.history.refusals.count
                    application.log.clear()
                    try await trouble.happen(to: server, stage)
                    try await application.resumes()
                    #expect(application.history.refusals.count > refusals)
                    // A server that still answers who only look is no trouble to those who find nothing to do.
                    guard trouble != .demoted, trouble != .misconfigured else { return }
                    // While nobody can enqueue, a quick worker soon has nothing to ask for, and a server may be well
                    // again before a duty comes round.
                    #expect(
                        application.log.says("worker", "A claim failed")
                            || application.log.says("worker", "Reports could not be written")
                            || application.log.says("server", "A duty failed"))
                }
                try await application.comesToRest()
            }
            try await application.check()
        }
    }
}
#endif
