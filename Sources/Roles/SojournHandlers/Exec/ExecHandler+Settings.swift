public import SojournModel

extension ExecHandler {
    /// Which program to run, and how.
    public struct Settings: Sendable {
        /// The program's absolute path, then its arguments. No shell reads them.
        public var command: [String]
        /// The absolute path of the folder to run in; nil keeps the server's own.
        public var directory: String?
        /// Variables that the program finds besides the standard ones; its own `PATH` replaces the standard one.
        public var environment: [String: String]
        /// How long one run may take, 100 ms to 24 h.
        public var timeout: Duration
        /// How much of the output is looked at for the result, in bytes, 0 to 1,048,576; of that,
        /// `Limits.resultBytes` can be kept.
        public var maxOutputBytes: Int

        /// Settings for a program; all but the command have a default.
        public init(
            command: [String], directory: String? = nil, environment: [String: String] = [:],
            timeout: Duration = .seconds(30), maxOutputBytes: Int = Limits.resultBytes
        ) {
            self.command = command
            self.directory = directory
            self.environment = environment
            self.timeout = timeout
            self.maxOutputBytes = maxOutputBytes
        }
    }
}

extension ExecHandler.Settings {
    static let outputBytes = 0...1_048_576

    func check() throws(InvalidHandlerSettings) {
        guard let program = command.first, program.isAbsolutePath else {
            throw InvalidHandlerSettings("command", "must begin with the absolute path of a program")
        }
        guard command.allSatisfy(\.isCString) else {
            throw InvalidHandlerSettings("command", "must not contain the NUL character")
        }
        guard directory.map({ $0.isAbsolutePath && $0.isCString }) ?? true else {
            throw InvalidHandlerSettings("directory", "must be an absolute path")
        }
        guard Self.outputBytes.contains(maxOutputBytes) else {
            throw InvalidHandlerSettings(
                "max_output_bytes", "must be 0 to \(Self.outputBytes.upperBound), but is \(maxOutputBytes)")
        }
        try InvalidHandlerSettings.check(timeout: timeout)
        for (name, value) in environment { try Self.check(variable: name, value: value) }
    }

    private static func check(variable name: String, value: String) throws(InvalidHandlerSettings) {
        let field = "environment.\(SafeText.line(name, limit: 64))"
        let startsWithDigit = name.utf8.first.map { 0x30...0x39 ~= $0 } ?? true
        guard !startsWithDigit, name.utf8.allSatisfy(isVariableByte) else {
            throw InvalidHandlerSettings(field, "must be named with A-Z a-z 0-9 _ and not begin with a digit")
        }
        guard !name.hasPrefix("SOJOURN_") else {
            throw InvalidHandlerSettings(field, "must not begin with SOJOURN_: those variables describe the task")
        }
        guard value.isCString else {
            throw InvalidHandlerSettings(field, "must not contain the NUL character")
        }
    }

    private static func isVariableByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x41...0x5A, 0x61...0x7A, 0x30...0x39, 0x5F: true
        default: false
        }
    }
}

extension String {
    fileprivate var isAbsolutePath: Bool { utf8.first == UInt8(ascii: "/") }
    fileprivate var isCString: Bool { !utf8.contains(0) }
}
