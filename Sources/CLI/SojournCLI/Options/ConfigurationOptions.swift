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
    @OptionGroup var redis: RedisOption

    @Option(help: ArgumentHelp("The Postgres store.", valueName: "url"))
    var postgres: String?

    var flags: [String: String?] { ["redis": redis.redis, "postgres": postgres] }
}

/// Where Redis is, for everything that goes there itself.
struct RedisOption: ParsableArguments {
    @Option(help: ArgumentHelp("The Redis that keeps the tasks, as redis://localhost:6379.", valueName: "url"))
    var redis: String?
}
