/// What Kubernetes tells every container about every service: of one called `sojourn`, `SOJOURN_SERVICE_HOST`,
/// `SOJOURN_PORT=tcp://10.0.0.7:80`, `SOJOURN_PORT_80_TCP_ADDR` and more. None of it is meant for us.
struct KubernetesServices {
    /// Of the services whose variables look like ours: the first parts of the variables' names.
    private let prefixes: [String]

    init(_ environment: [String: String]) {
        let end = "_SERVICE_HOST"
        prefixes = environment.keys.filter { $0.hasPrefix("SOJOURN_") && $0.hasSuffix(end) }
            .map { String($0.dropLast(end.count)) }
    }

    /// Whether the variable announces a service; `SOJOURN_PORT=8080` does not, whoever set it.
    func announce(_ variable: String, _ text: String) -> Bool {
        prefixes.contains { prefix in
            variable.hasPrefix(prefix + "_SERVICE_") || variable.hasPrefix(prefix + "_PORT_")
                || variable == prefix + "_PORT" && text.contains("://")
        }
    }
}
