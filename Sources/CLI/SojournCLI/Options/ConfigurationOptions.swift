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

/// Where the tasks are kept instead of in the embedded store.
struct BackendOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The Redis that keeps the tasks, as redis://localhost:6379; with --postgres, it carries hints only.",
            valueName: "url"))
    var redis: String?

    @Option(help: ArgumentHelp("The Postgres that keeps the tasks, as postgres://localhost/app.", valueName: "url"))
    var postgres: String?

    var flags: [String: String?] { ["redis": redis, "postgres": postgres] }
}
