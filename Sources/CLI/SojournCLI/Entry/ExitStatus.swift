/// How a command ended, for scripts.
enum ExitStatus: Int32 {
    /// It did what was asked.
    case done = 0
    /// It could not.
    case failed = 1
    /// It was asked for something that cannot be: arguments or configuration are wrong.
    case usage = 2
    /// The server, or what stands behind it, does not answer.
    case unreachable = 3
    /// Somebody asked twice to stop.
    case interrupted = 130
}

/// Why a command ends with another status than ``ExitStatus/done``.
struct CommandFailure: Error, CustomStringConvertible {
    /// How it ends.
    let status: ExitStatus
    /// One sentence for people.
    let description: String

    /// A failure with its sentence.
    init(_ description: String) { self.init(.failed, description) }

    /// An end with another status.
    init(_ status: ExitStatus, _ description: String) {
        self.status = status
        self.description = description
    }

    /// What a binary says of a command or flag whose trait it was built without.
    static func builtWithout(_ trait: String) -> CommandFailure {
        // Named alone, a trait would take the place of those that are on unless asked otherwise.
        CommandFailure(.usage, "This binary was built without \(trait); build it with --traits defaults,\(trait).")
    }
}
