import Configuration

/// What the process is about to do; some rules concern only a server.
public enum Purpose: Sendable {
    /// It listens for requests.
    case server
    /// It only talks to a server or a backend.
    case client
}

/// Rules that concern more than one setting.
struct CrossChecks {
    private(set) var problems: [ConfigurationError.Problem] = []
    private let resolution: Resolution

    init(_ resolution: Resolution, purpose: Purpose) {
        self.resolution = resolution
        if purpose == .server { checkExposure() }
        checkTarget()
        checkOrder(["retry", "base_ms"], ["retry", "max_ms"])
        checkOrder(["redis", "min_idle"], ["redis", "pool_size"])
        for queue in resolution.names("queues") { checkQueue(["queues", queue]) }
        checkHardPolicy()
        for handler in resolution.names("handlers") { checkHandler(["handlers", handler]) }
    }

    private mutating func refuse(_ path: SettingPath, _ message: String) {
        problems.append(.init(resolution.place(of: path) ?? .defaults, message))
    }

    /// Without keys, whoever reaches the port may run tasks; without TLS, whoever is on the way reads the keys.
    private mutating func checkExposure() {
        let host: SettingPath = ["server", "host"]
        let (keys, proxy): (SettingPath, SettingPath) = (["server", "api_keys"], ["server", "behind_proxy"])
        guard resolution.isSound(host, keys), let name = resolution.reader.string(forKey: "server.host"),
            !Loopback.contains(name)
        else { return }
        if resolution.reader.stringArray(forKey: "server.api_keys", default: []).isEmpty {
            refuse(
                host,
                "other machines could reach the server at \(Shown.text(name)) without an API key; "
                    + "set server.api_keys (or SOJOURN_API_KEYS), or listen on 127.0.0.1")
        } else if resolution.isSound(proxy), resolution.reader.bool(forKey: "server.behind_proxy") != true {
            refuse(
                host,
                "other machines could reach the server at \(Shown.text(name)) without TLS; put a proxy that speaks it "
                    + "in front and set server.behind_proxy: true (or SOJOURN_BEHIND_PROXY), or listen on 127.0.0.1")
        }
    }

    /// On one command line there is no telling which of the two was meant.
    private mutating func checkTarget() {
        guard resolution.rank(of: ["client", "server"]) == 0 else { return }
        for backend in ["redis", "postgres"] where resolution.rank(of: [backend, "url"]) == 0 {
            refuse(["client", "server"], "a server cannot stand next to --\(backend); leave one of them out")
        }
    }

    private mutating func checkOrder(_ lower: SettingPath, _ upper: SettingPath) {
        guard resolution.isSound(lower, upper), let low = whole(lower), let high = whole(upper), low > high else {
            return
        }
        // The one that somebody set is the one to name: the other may be a default.
        let culprit = resolution.place(of: lower) == .defaults ? upper : lower
        refuse(culprit, "\(dotted(lower)) is \(low), which is more than \(dotted(upper)), \(high)")
    }

    private mutating func checkQueue(_ queue: SettingPath) {
        checkOrder(queue + ["min_workers"], queue + ["max_workers"])
        checkOverflow(queue)
        let (hard, overflow) = (queue + ["hard"], queue + ["overflow"])
        guard resolution.isSound(hard, overflow), resolution.reader.bool(forKey: .init(hard)) == true,
            text(overflow) != OverflowPolicy.reject.rawValue
        else { return }
        refuse(hard, "\(dotted(hard)) is true, which needs overflow reject in the same queue")
    }

    /// Only one rule asks, before it takes a slot away, whether a promise needs it.
    private mutating func checkHardPolicy() {
        let policy: SettingPath = ["autoscale", "policy"]
        guard resolution.isSound(policy), let name = text(policy), name != AutoscalePolicy.foresight.rawValue else {
            return
        }
        for queue in resolution.names("queues") {
            let hard: SettingPath = ["queues", queue, "hard"]
            guard resolution.isSound(hard), resolution.reader.bool(forKey: .init(hard)) == true else { continue }
            refuse(policy, "autoscale.policy is \(name), but queue \(queue) is hard, which needs foresight")
        }
    }

    private mutating func checkOverflow(_ queue: SettingPath) {
        let (overflow, sla) = (queue + ["overflow"], queue + ["sla_seconds"])
        guard resolution.isSound(overflow, sla), let policy = text(overflow),
            policy != OverflowPolicy.accept.rawValue, resolution.place(of: sla) == nil
        else { return }
        refuse(overflow, "\(dotted(overflow)) is \(policy), which needs sla_seconds in the same queue")
    }

    private mutating func checkHandler(_ handler: SettingPath) {
        guard resolution.isSound(handler) else { return }
        let actions = resolution.keys[handler, default: []].filter { ["http", "exec"].contains($0) }
        if actions.count != 1 {
            let found = actions.isEmpty ? "neither" : "both"
            refuse(handler, "\(dotted(handler)) must have exactly one of http and exec; it has \(found)")
        }
        let (cooldown, failures) = (handler + ["breaker", "cooldown"], handler + ["breaker", "failures"])
        if resolution.isSound(cooldown, failures), resolution.place(of: failures) == nil,
            let place = resolution.place(of: cooldown), place != .defaults
        {
            refuse(cooldown, "\(dotted(cooldown)) needs failures in the same breaker")
        }
    }

    private func whole(_ path: SettingPath) -> Int? { resolution.reader.int(forKey: .init(path)) }

    private func text(_ path: SettingPath) -> String? { resolution.reader.string(forKey: .init(path)) }

    private func dotted(_ path: SettingPath) -> String { path.joined(separator: ".") }
}

/// Addresses that only this machine can reach.
enum Loopback {
    static func contains(_ host: String) -> Bool {
        host.lowercased() == "localhost" || host == "::1" || isLoopbackIPv4(host)
    }

    /// Four plain numbers starting with 127; other notations, such as `127.1`, count as foreign to be safe.
    private static func isLoopbackIPv4(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { (1...3).contains($0.utf8.count) && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
            && parts.allSatisfy { UInt8($0) != nil }
    }
}
