import ArgumentParser
import Foundation
import SojournConfiguration

/// Where settings come from: flags over the environment over the file over defaults.
struct ConfigurationOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The configuration file; unset, sojourn.yaml if there is one.", valueName: "file"))
    var config: String?

    /// The settings; `flags` are values from the command line, by flag without the dashes, nil where it was not given.
    func settings(
        _ flags: [String: String?] = [:], for purpose: Purpose
    ) throws(ConfigurationError) -> Settings {
        try Settings.load(
            flags: flags.compactMapValues { $0 }, environment: ProcessInfo.processInfo.environment,
            file: try ConfigurationFile.find(path: config), for: purpose)
    }
}

/// Backends that a server or worker may use instead of the embedded one.
struct BackendOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The Redis backend.", valueName: "url"))
    var redis: String?

    @Option(help: ArgumentHelp("The Postgres store.", valueName: "url"))
    var postgres: String?

    var flags: [String: String?] { ["redis": redis, "postgres": postgres] }

    /// Refuses what this binary cannot do: tasks must not end up in another place than the settings say.
    static func check(_ settings: Settings) throws(CommandFailure) {
        if settings.redis.url != nil { throw .builtWithout("Redis") }
        if settings.postgres.url != nil { throw .builtWithout("Postgres") }
    }
}
