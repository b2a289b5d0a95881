import SojournHandlers
import SojournModel
import Testing

@Suite("Settings of programs") struct ExecSettingsTests {
    private typealias Settings = ExecHandler.Settings

    static let bad: [(ExecHandler.Settings, String)] = [
        (.init(command: []), "command must begin with the absolute path of a program"),
        (.init(command: ["cat"]), "command must begin with the absolute path of a program"),
        (.init(command: ["./cat"]), "command must begin with the absolute path of a program"),
        (.init(command: ["/bin/cat", "a\0b"]), "command must not contain the NUL character"),
        (.init(command: ["/bin/cat"], directory: "tmp"), "directory must be an absolute path"),
        (
            .init(command: ["/bin/cat"], environment: ["A=B": ""]),
            "environment.A=B must be named with A-Z a-z 0-9 _ and not begin with a digit"
        ),
        (
            .init(command: ["/bin/cat"], environment: ["": ""]),
            "environment. must be named with A-Z a-z 0-9 _ and not begin with a digit"
        ),
        (
            .init(command: ["/bin/cat"], environment: ["1A": ""]),
            "environment.1A must be named with A-Z a-z 0-9 _ and not begin with a digit"
        ),
        (
            .init(command: ["/bin/cat"], environment: ["SOJOURN_ATTEMPT": "9"]),
            "environment.SOJOURN_ATTEMPT must not begin with SOJOURN_: those variables describe the task"
        ),
        (
            .init(command: ["/bin/cat"], environment: ["A": "\0"]),
            "environment.A must not contain the NUL character"
        ),
        (
            .init(command: ["/bin/cat"], timeout: .milliseconds(99)),
            "timeout must be 100 ms to 24 h, but is 0.099 seconds"
        ),
        (
            .init(command: ["/bin/cat"], maxOutputBytes: -1),
            "max_output_bytes must be 0 to 1048576, but is -1"
        ),
    ]

    @Test(arguments: bad)
    func badOnesAreNamed(settings: ExecHandler.Settings, message: String) {
        let error = #expect(throws: InvalidHandlerSettings.self) { _ = try ExecHandler(settings) }
        #expect(error?.description == message)
    }

    @Test func goodOnesAreTaken() throws {
        _ = try ExecHandler(
            Settings(
                command: ["/bin/cat"], directory: "/", environment: ["_a1": "ü", "PATH": "/opt/bin"],
                timeout: .seconds(86_400), maxOutputBytes: 0))
    }
}
