import Foundation
import SojournTestKit
import Testing

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

extension EndToEnd {
    /// `sojourn monitor` on a real terminal, which tmux is.
    @Suite("Monitor in a terminal", .enabled(if: Tmux.isAvailable, "tmux is not installed"))
    struct MonitorTests {
        @Test("it shows the queues, pauses one, grows with its window, and leaves the terminal as it was")
        func works() async throws {
            try await Site.with { site in
                try await site.withServer(["--concurrency", "0"]) { server in
                    _ = try await server.wire.enqueue(#"{"type":"noop","queue":"mail"}"#)
                    let words = [Binary.path, "monitor", "--server", server.wire.url, "--interval", "200ms"]
                    try await Tmux.with(words, in: site.folder) { tmux in
                        _ = try await tmux.screen(showing: "mail")
                        try await tmux.press("p")
                        _ = try await tmux.screen(showing: "mail?")
                        try await tmux.press("y")
                        let paused = try await eventually("the queue is paused") {
                            try await server.wire.isPaused("mail") ? true : nil
                        }
                        #expect(paused)
                        _ = try await tmux.screen(showing: "paused")
                        try await tmux.resize(columns: 120, rows: 40)
                        let large = try await eventually("it fills the window") {
                            let lines = try await tmux.screen().split(separator: "\n", omittingEmptySubsequences: false)
                            return lines.count > 30 && lines.contains { $0.count > 90 } ? lines : nil
                        }
                        #expect(large.allSatisfy { $0.count <= 120 })
                        try await tmux.press("q")
                        _ = try await tmux.screen(showing: "ended with 0")
                    }
                }
            }
        }

        @Test("in a pipe there is a line for each look")
        func pipe() async throws {
            try await Site.with { site in
                try await site.withServer(["--concurrency", "0"]) { server in
                    _ = try await server.wire.enqueue(#"{"type":"noop","queue":"mail"}"#)
                    let words = ["monitor", "--server", server.wire.url, "--interval", "100ms"]
                    let program = try Program(words, in: site.folder)
                    let lines = try await eventually("three looks") {
                        let lines = program.output.split(separator: "\n").filter { $0.contains(" mail ") }
                        return lines.count >= 3 ? lines : nil
                    }
                    program.send(SIGTERM)
                    try await program.wait()
                    #expect(!lines.joined().contains("\u{1B}"))
                }
            }
        }
    }
}

/// A terminal of 80 columns and 24 rows.
private struct Tmux {
    static let path = ["/usr/bin/tmux", "/opt/homebrew/bin/tmux"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }
    static var isAvailable: Bool { path != nil }

    private let socket: String
    private let folder: URL

    /// Runs `body` while `words` run in a terminal; `ended with N` stands there afterwards.
    static func with(_ words: [String], in folder: URL, _ body: (Tmux) async throws -> Void) async throws {
        let tmux = Tmux(socket: folder.appendingPathComponent("tmux").path, folder: folder)
        let command = words.joined(separator: " ") + "; echo ended with \\$?; exec sleep 600"
        let settings = folder.appendingPathComponent("tmux.conf")
        try Data("new-session -d -x 80 -y 24 \"\(command)\"\n".utf8).write(to: settings)
        // In the foreground: a server that left would take with it what tells that its starter has ended.
        let server = try Program(
            ["-D", "-u", "-f", settings.path, "-S", tmux.socket], program: try #require(Self.path),
            environment: ["LANG": "C.UTF-8", "SHELL": "/bin/sh"], in: folder)
        _ = try await eventually("tmux is up") { (try? await tmux.screen()).map { _ in true } }
        do {
            try await body(tmux)
        } catch {
            let last = (try? await tmux.screen()) ?? ""
            server.send(SIGKILL)
            throw TimedOut(description: "\(error)\n\(last)\n\(server.errors)")
        }
        // It may have been started with other signals blocked.
        server.send(SIGKILL)
        try await server.wait()
    }

    func press(_ keys: String) async throws { try await run(["send-keys", keys]) }

    func resize(columns: Int, rows: Int) async throws {
        try await run(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
    }

    func screen() async throws -> String { try await run(["capture-pane", "-p"]) }

    func screen(showing text: String) async throws -> String {
        try await eventually("the screen shows \(text)", within: .seconds(20)) {
            let screen = try await screen()
            return screen.contains(text) ? screen : nil
        }
    }

    @discardableResult
    private func run(_ words: [String]) async throws -> String {
        let program = try Program(
            ["-N", "-u", "-S", socket] + words, program: try #require(Self.path),
            environment: ["LANG": "C.UTF-8"], in: folder)
        let ending = try await program.wait()
        guard ending == .exit(0) else { throw TimedOut(description: "tmux \(words): \(program.errors)") }
        return program.output
    }
}

extension Wire {
    fileprivate func isPaused(_ queue: String) async throws -> Bool {
        struct Queue: Decodable { let paused: Bool }
        let answer: Queue = try await get("/queues/\(queue)").decode()
        return answer.paused
    }
}
