import Foundation
import SojournCore
import SojournModel
import SojournTestKit
import Testing

@testable import SojournHandlers

@Suite("Killing programs") struct ExecKillTests {
    @Test func whoIgnoresTheTimeLimitIsKilled() async throws {
        let text = "trap '' TERM; echo $$ > leader; while true; do sleep 1; done"
        try await Script.with(text) { script in
            let failure = try #require(try await script.run(timeout: .milliseconds(200)).failure)
            #expect(failure.message == "/bin/sh ran longer than 0.2 seconds and was killed")
            #expect(failure.isRetryable)
            try await script.expectGone("leader")
        }
    }

    @Test func whoListensMayEndItself() async throws {
        let text = "trap 'echo cleaned up >&2; exit 0' TERM; echo $$ > leader; while true; do sleep 0.05; done"
        try await Script.with(text) { script in
            let failure = try #require(try await script.run(timeout: .milliseconds(200)).failure)
            #expect(failure.message.hasPrefix("/bin/sh ran longer than 0.2 seconds and was killed: "))
            #expect(failure.message.hasSuffix("cleaned up"))
        }
    }

    @Test func theTimeLimitIsTheClocks() async throws {
        try await Script.with("echo $$ > leader; exec sleep 600") { script in
            let time = ManualTime()
            let settings = ExecHandler.Settings(
                command: ["/bin/sh", "script"], directory: script.folder.path, timeout: .seconds(3600))
            let handler = try ExecHandler(settings, time: time)
            async let outcome = handler.handle([], context: Attempt.context())
            try await eventually("the program runs") { script.process(in: "leader") != nil && time.sleeping == 1 }
            time.advance(by: .seconds(3600))
            #expect(try await outcome.failure?.message.contains("ran longer than 3600.0 seconds") == true)
        }
    }

    @Test func grandchildrenGoWithTheProgram() async throws {
        let text = #"""
            sh -c 'trap "" TERM; echo $$ > child; while true; do sleep 1; done' &
            echo $$ > leader
            wait
            """#
        try await Script.with(text) { script in
            // The limit is long enough for the child to write its number, and the wait below is for both.
            let outcome = try await script.run(timeout: .seconds(1))
            #expect(outcome.failure?.message.contains("ran longer than") == true)
            try await script.expectGone("leader")
            try await script.expectGone("child")
        }
    }

    @Test func anOrphanNeitherSurvivesNorHoldsTheAttempt() async throws {
        let text = #"""
            sleep 600 &
            echo $! > orphan
            echo '{"done":true}'
            """#
        try await Script.with(text) { script in
            #expect(try await script.run().resultText == #"{"done":true}"#)
            try await script.expectGone("orphan")
        }
    }

    /// A session of its own is out of the group's reach; the pipes that it holds must not keep the attempt.
    @Test(
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/setsid")), arguments: ["yes", "sleep 600"])
    func anEscapedDescendantDoesNotHoldTheAttempt(command: String) async throws {
        let text = """
            setsid sh -c 'echo $$ > escaped; exec \(command)' &
            while [ ! -s escaped ]; do sleep 0.01; done
            """
        try await Script.with(text) { script in
            #expect(try await script.run().failure == nil)
            kill(try #require(script.process(in: "escaped")), SIGKILL)
            try await script.expectGone("escaped")
        }
    }

    @Test func cancellationKills() async throws {
        try await Script.with("echo $$ > leader; exec sleep 600") { script in
            let handler = try script.handler()
            await #expect(throws: CancellationError.self) {
                try await withThrowingTaskGroup(of: Outcome.self) { group in
                    group.addTask { try await handler.handle([], context: Attempt.context()) }
                    try await eventually("the program runs") { script.process(in: "leader") != nil }
                    group.cancelAll()
                    _ = try await group.next()
                }
            }
            try await script.expectGone("leader")
        }
    }

    @Test func aCancelledAttemptDoesNotStart() async throws {
        try await Script.with("echo $$ > leader") { script in
            let handler = try script.handler()
            await #expect(throws: CancellationError.self) {
                try await withThrowingTaskGroup(of: Outcome.self) { group in
                    group.cancelAll()
                    group.addTask { try await handler.handle([], context: Attempt.context()) }
                    _ = try await group.next()
                }
            }
            #expect(script.process(in: "leader") == nil)
        }
    }

    @Test func manyAtOnce() async throws {
        try await Script.with("cat") { script in
            let handler = try script.handler()
            let results = try await withThrowingTaskGroup(of: String?.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        try await handler.handle(Array("\(number)".utf8), context: Attempt.context()).resultText
                    }
                }
                return try await group.reduce(into: Set<String>()) { $0.formUnion($1.map { [$0] } ?? []) }
            }
            #expect(results == Set((0..<40).map(String.init)))
        }
    }
}
