import Configuration

extension Settings {
    /// Reads the settings from all sources and checks them.
    ///
    /// - Parameters:
    ///   - flags: Values from the command line, by flag without the dashes: `["port": "8080"]`.
    ///   - environment: The whole environment. Only known variables are read; an unknown one that starts with
    ///     `SOJOURN_` is refused, unless a handler of the file refers to it; an empty one counts as unset.
    ///   - file: From ``ConfigurationFile/find(path:in:)``, or nil.
    ///   - purpose: ``Purpose/server`` also refuses to listen beyond loopback without an API key.
    /// - Throws: Every problem at once; only a file that is not YAML stops the search for more.
    public static func load(
        flags: [String: String], environment: [String: String], file: ConfigurationFile?, for purpose: Purpose = .server
    ) throws(ConfigurationError) -> Settings {
        let file = try FileLayer(file)
        let resolution = Resolution(
            layers: [
                .flags(flags), .environment(environment, ours: file.variables), file.layer, .defaults(keys: file.keys),
            ], keys: file.keys)
        let problems = resolution.layers.flatMap(\.problems) + CrossChecks(resolution, purpose: purpose).problems
        guard problems.isEmpty else { throw ConfigurationError(problems) }
        return try Settings(resolution)
    }

    private init(_ resolution: Resolution) throws(ConfigurationError) {
        let values = ValueReader(resolution.reader)
        server = try Server(values)
        autoscale = Autoscale(
            target: try values.choice("autoscale.target"), policy: try values.choice("autoscale.policy"))
        lease = Lease(timeout: .milliseconds(try values.whole("lease.timeout_ms")))
        reaper = Reaper(
            scanInterval: .milliseconds(try values.whole("reaper.scan_interval_ms")),
            batchSize: try values.whole("reaper.batch_size"))
        metricsSampleInterval = .milliseconds(try values.whole("metrics.sample_ms"))
        retry = try Retry(values)
        retention = try Retention(values)
        idempotencyWindow = .seconds(3_600 * (try values.whole("idempotency.hours")))
        log = Log(level: try values.choice("log.level"), format: try values.choice("log.format"))
        client = Client(
            server: try values.text("client.server"), apiKey: values.secret("client.api_key"),
            isDirect: resolution.prefersBackend)
        redis = Redis(values)
        postgres = Postgres(
            url: values.secret("postgres.url"), maxConnections: try values.whole("postgres.max_connections"),
            isPooled: try values.truth("postgres.pooled"), directURL: values.secret("postgres.direct_url"))
        (queues, handlers) = ([:], [:])
        masked = resolution.masked
        for name in resolution.names("queues") {
            queues[name] = try QueueSettings(values.scoped("queues", name))
        }
        for name in resolution.names("handlers") {
            handlers[name] = try HandlerSettings(
                values.scoped("handlers", name), isHTTP: resolution.names("handlers", name).contains("http"),
                headers: resolution.names("handlers", name, "http", "headers"),
                variables: resolution.names("handlers", name, "exec", "environment"))
        }
    }
}

extension Resolution {
    /// Where both come from the same source, the server wins: a backend may be named there for the server's sake.
    fileprivate var prefersBackend: Bool {
        let backends = [rank(of: ["redis", "url"]), rank(of: ["postgres", "url"])].compactMap { $0 }
        guard let backend = backends.min() else { return false }
        return rank(of: ["client", "server"]).map { backend < $0 } ?? true
    }
}

extension Settings: CustomStringConvertible, CustomDebugStringConvertible {
    /// The lines of ``masked``.
    public var description: String { masked.joined(separator: "\n") }

    /// The same as ``description``.
    public var debugDescription: String { description }
}

extension Settings.Server {
    fileprivate init(_ values: ValueReader) throws(ConfigurationError) {
        host = try values.text("server.host")
        port = try values.whole("server.port")
        dataDirectory = try values.text("server.data")
        apiKeys = values.texts("server.api_keys").map { Secret($0) }
        allowedHosts = values.texts("server.allowed_hosts")
        concurrency = try values.whole("server.concurrency")
        metricsAddress = values.textIfSet("server.metrics_address").flatMap { ListenAddress($0) }
        drain = .seconds(try values.whole("server.drain_seconds"))
        isBehindProxy = try values.truth("server.behind_proxy")
    }
}

extension Settings.Retry {
    fileprivate init(_ values: ValueReader) throws(ConfigurationError) {
        base = .milliseconds(try values.whole("retry.base_ms"))
        max = .milliseconds(try values.whole("retry.max_ms"))
        jitter = .milliseconds(try values.whole("retry.jitter_ms"))
        scanInterval = .milliseconds(try values.whole("retry.scan_interval_ms"))
        batchSize = try values.whole("retry.batch_size")
    }
}

extension Settings.Retention {
    fileprivate init(_ values: ValueReader) throws(ConfigurationError) {
        finished = .seconds(3_600 * (try values.whole("retention.finished_hours")))
        let deadHours = try values.whole("retention.dead_hours")
        dead = deadHours == 0 ? nil : .seconds(3_600 * deadHours)
    }
}

extension Settings.Redis {
    fileprivate init(_ values: ValueReader) {
        url = values.secret("redis.url")
        password = values.secret("redis.password")
        poolSize = values.wholeIfSet("redis.pool_size")
        minIdle = values.wholeIfSet("redis.min_idle")
    }
}

extension QueueSettings {
    fileprivate init(_ values: ValueReader) throws(ConfigurationError) {
        arrivalRate = values.numberIfSet("arrival_rate")
        sla = values.numberIfSet("sla_seconds").map { .seconds($0) }
        slaPercentile = try values.number("sla_percentile")
        tasksPerWorker = try values.whole("jobs_per_worker")
        scaleThreshold = try values.number("scale_threshold")
        maxRetries = try values.whole("max_retries")
        timeout = values.numberIfSet("timeout_seconds").map { .seconds($0) }
        minWorkers = try values.whole("min_workers")
        maxWorkers = try values.whole("max_workers")
        overflow = try values.choice("overflow")
        isHard = try values.truth("hard")
        crashes = try values.whole("crashes")
        serviceTime = .seconds(try values.number("service_seconds"))
        serviceMax = .seconds(try values.number("service_max_seconds"))
        startup = .seconds(try values.number("startup_seconds"))
        burstFactor = try values.number("burst_factor")
    }
}

extension HandlerSettings {
    fileprivate init(
        _ values: ValueReader, isHTTP: Bool, headers: [String], variables: [String]
    ) throws(ConfigurationError) {
        action =
            isHTTP
            ? .http(try HTTP(values.scoped("http"), headers: headers))
            : .exec(try Exec(values.scoped("exec"), variables: variables))
        maxRetries = values.wholeIfSet("max_retries")
        if let failures = values.wholeIfSet("breaker.failures") {
            breaker = Breaker(failures: failures, cooldown: .milliseconds(try values.whole("breaker.cooldown")))
        }
    }
}

extension HandlerSettings.HTTP {
    fileprivate init(_ values: ValueReader, headers names: [String]) throws(ConfigurationError) {
        let address = try values.text("url")
        url = Secret(address, shownAs: Shown.url(address))
        timeout = .milliseconds(try values.whole("timeout"))
        secretVariable = values.textIfSet("secret_env")
        headers = values.scoped("headers").secrets(names)
        allowsPrivateAddresses = try values.truth("allow_private")
    }
}

extension HandlerSettings.Exec {
    fileprivate init(_ values: ValueReader, variables names: [String]) throws(ConfigurationError) {
        command = values.texts("command")
        timeout = .milliseconds(try values.whole("timeout"))
        directory = values.textIfSet("directory")
        environment = values.scoped("environment").secrets(names)
        maxOutputBytes = try values.whole("max_output_bytes")
    }
}
