import Foundation
import SojournTestKit

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// A folder with a configuration and the data of one server, and the commands that are run there.
struct Site {
    let folder: URL
    /// Variables that every server of this site finds.
    var environment: [String: String] = [:]

    /// Makes a site, hands it to `body`, and deletes it.
    static func with<Result>(
        configuration: String? = nil, environment: [String: String] = [:], _ body: (Site) async throws -> Result
    ) async throws -> Result {
        try await TemporaryFolder.with { folder in
            if let configuration {
                try Data(configuration.utf8).write(to: folder.appendingPathComponent("sojourn.yaml"))
            }
            return try await body(Site(folder: folder, environment: environment))
        }
    }

    /// Runs `sojourn` with these arguments to its end.
    func run(
        _ arguments: [String], environment: [String: String] = [:], input: String? = nil
    ) async throws -> (status: Child.Ending, output: String, errors: String) {
        let variables = self.environment.merging(environment) { $1 }
        let program = try Program(arguments, environment: variables, input: input, in: folder)
        let status = try await program.wait()
        return (status, program.output, program.errors)
    }

    /// Starts a server on a free port and waits until it listens. A shell does what `prelude` says first, if it says
    /// something, such as setting limits.
    func start(
        _ arguments: [String] = [], environment: [String: String] = [:], prelude: String? = nil
    ) async throws -> RunningServer {
        let variables = self.environment.merging(environment) { $1 }
        let start = ContinuousClock.now
        let arguments = ["serve", "--port", "0"] + arguments
        let program =
            if let prelude {
                try Program(
                    ["-c", "\(prelude); exec \"$0\" \"$@\"", Binary.path] + arguments, program: "/bin/sh",
                    environment: variables, in: folder)
            } else {
                try Program(arguments, environment: variables, in: folder)
            }
        do {
            let url = try await eventually("the line that says where the server listens") {
                if let ending = program.ending { throw TimedOut(description: "\(ending): \(program.errors)") }
                return program.output.firstMatch(of: /listening on (http:\S+)\n/).map { String($0.1) }
            }
            return RunningServer(program: program, wire: Wire(url: url), startTime: start.duration(to: .now))
        } catch {
            program.send(SIGKILL)
            throw error
        }
    }

    /// Runs `body` with a server; stops it afterwards, and fails where it does not stop well.
    func withServer<Result>(
        _ arguments: [String] = [], environment: [String: String] = [:],
        _ body: (RunningServer) async throws -> Result
    ) async throws -> Result {
        let server = try await start(arguments, environment: environment)
        do {
            let result = try await body(server)
            server.program.send(SIGTERM)
            let ending = try await server.program.wait()
            guard ending == .exit(0) else {
                throw TimedOut(description: "the server ended with \(ending): \(server.program.errors)")
            }
            return result
        } catch {
            guard let ending = server.program.ending else {
                server.program.send(SIGKILL)
                throw error
            }
            throw TimedOut(description: "the server ended with \(ending): \(server.program.errors); then: \(error)")
        }
    }
}

/// A server that runs beside the test.
struct RunningServer {
    let program: Program
    let wire: Wire
    /// From the start of the process to the line that says where it listens.
    let startTime: Duration

    /// Runs a client command against this server, which must do what it was asked, and hands back what it prints.
    func command(_ arguments: [String], in site: Site, input: String? = nil) async throws -> String {
        let result = try await site.run(arguments, environment: ["SOJOURN_SERVER": wire.url], input: input)
        guard result.status == .exit(0) else {
            throw TimedOut(description: "sojourn \(arguments.joined(separator: " ")): \(result)")
        }
        return result.output.trimmingCharacters(in: .newlines)
    }
}
