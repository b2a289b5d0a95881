import Foundation
import SojournCore
import SojournHandlers
import SojournModel
import Testing

@Suite("Programs") struct ExecHandlerTests {
    private func run(_ command: [String], payload: String = "", maxOutputBytes: Int = 65_536) async throws -> Outcome {
        let handler = try ExecHandler(.init(command: command, maxOutputBytes: maxOutputBytes))
        return try await handler.handle(Array(payload.utf8), context: Attempt.context(3))
    }

    @Test(arguments: [(#"{"a":[1, 2]}"#, #"{"a":[1, 2]}"#), ("hello\n", #""hello\n""#), ("", nil)])
    func thePayloadIsTheInputAndTheOutputIsTheResult(payload: String, result: String?) async throws {
        let outcome = try await run(["/bin/cat"], payload: payload)
        #expect(outcome == .succeeded(result: result.map { Array($0.utf8) }))
    }

    @Test func largePayloadsPassWhole() async throws {
        let payload = String(repeating: "0123456789abcdef", count: Limits.payloadBytes / 16)
        #expect(try await run(["/usr/bin/wc", "-c"], payload: payload).resultText == "\(payload.utf8.count)")
    }

    @Test func theEnvironmentIsClean() async throws {
        let handler = try ExecHandler(.init(command: ["/usr/bin/env"], environment: ["COLOUR": "blue"]))
        let outcome = try await handler.handle([], context: Attempt.context(3))
        let result = try JSONDecoder().decode(String.self, from: Data(try #require(outcome.resultText).utf8))
        let lines = Set(result.split(separator: "\n"))
        #expect(
            lines == [
                "PATH=/usr/local/bin:/usr/bin:/bin", "SOJOURN_TASK_ID=\(Attempt.id)", "SOJOURN_TASK_TYPE=test.task",
                "SOJOURN_ATTEMPT=3", "COLOUR=blue",
            ])
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/fd")))
    func noDescriptorsAreInherited() async throws {
        let file = try #require(FileHandle(forReadingAtPath: "/etc/passwd"))
        #expect(fcntl(file.fileDescriptor, F_SETFD, 0) == 0)  // what a careless library would leave open
        // The fourth is the folder that it lists.
        #expect(try await run(["/bin/ls", "/proc/self/fd"]).resultText == "0\n1\n2\n3\n".json)
        try file.close()
    }

    @Test(arguments: ["; touch x", "$(touch x)", "`touch x`", "a b", "--version", "*", ""])
    func argumentsArriveAsTheyAre(argument: String) async throws {
        let outcome = try await run(["/bin/sh", "-c", #"printf '%s.' "$1""#, "sh", argument])
        #expect(outcome.resultText == (argument + ".").json)
    }

    @Test(arguments: [(0, nil), (1, true), (64, false), (65, false), (75, true), (127, true)] as [(Int, Bool?)])
    func exitCodesDecide(code: Int, isRetryable: Bool?) async throws {
        let outcome = try await run(["/bin/sh", "-c", "echo why >&2; exit \(code)"])
        #expect(outcome.failure?.isRetryable == isRetryable)
        #expect(outcome.failure?.message == (code == 0 ? nil : "/bin/sh exited with \(code): why"))
    }

    @Test func aSignalIsAFailure() async throws {
        let outcome = try await run(["/bin/sh", "-c", "kill -9 $$"])
        #expect(outcome == .failed(Failure("/bin/sh was ended by signal 9")))
    }

    @Test(arguments: ["/no/such/program", "/etc/passwd", "/"])
    func aProgramThatCannotStartIsAFailure(path: String) async throws {
        let failure = try #require(try await run([path]).failure)
        #expect(failure.message.hasPrefix("\(path) did not start: "), "\(failure.message)")
        #expect(failure.isRetryable)
    }

    @Test func aFolderThatIsNotThereIsAFailure() async throws {
        let handler = try ExecHandler(.init(command: ["/bin/cat"], directory: "/no/such/folder"))
        let failure = try #require(try await handler.handle([], context: Attempt.context()).failure)
        #expect(failure.message.hasPrefix("/bin/cat did not start: "), "\(failure.message)")
    }

    @Test func theEndOfTheErrorsIsTold() async throws {
        let script = #"i=0; while [ $i -lt 2000 ]; do echo "line $i of many" >&2; i=$((i+1)); done; exit 1"#
        let message = try #require(try await run(["/bin/sh", "-c", script]).failure?.message)
        #expect(message.hasSuffix("line 1998 of many\nline 1999 of many"))
        #expect(message.utf8.count < 4200)
    }

    @Test func aBillionBytesAreReadAndNotKept() async throws {
        let result = try #require(try await run(["/usr/bin/head", "-c", "1000000000", "/dev/zero"]).resultText)
        #expect(result.utf8.count <= Limits.resultBytes)
        #expect(result.hasSuffix("…\""))
    }

    @Test func outputIsCutAtItsLimit() async throws {
        #expect(try await run(["/bin/echo", "0123456789"], maxOutputBytes: 4).resultText == "0123…".json)
        #expect(try await run(["/bin/echo", "0123456789"], maxOutputBytes: 0) == .succeeded())
    }

    @Test(arguments: [["/bin/true"], ["/bin/sh", "-c", "exec <&-; sleep 0.1; echo 1"]])
    func anInputThatIsNotReadIsNoFailure(command: [String]) async throws {
        let payload = String(repeating: "x", count: Limits.payloadBytes)
        for _ in 0..<10 { #expect(try await run(command, payload: payload).failure == nil) }
    }
}

extension String {
    /// The text as a JSON string; only for texts of which each character but the line feed stands for itself.
    fileprivate var json: String { "\"\(replacing("\n", with: "\\n"))\"" }
}
