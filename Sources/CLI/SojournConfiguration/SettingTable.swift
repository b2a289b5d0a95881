extension Setting {
    /// Every setting there is.
    static let all: [Setting] = server + running + clients + queues + handlers

    private static let server: [Setting] = [
        Setting(
            "server.host", env: "SOJOURN_HOST", flag: "host", .text(.host), default: "127.0.0.1",
            "Address to listen on; one that other machines reach needs server.api_keys and server.behind_proxy."),
        Setting(
            "server.port", env: "SOJOURN_PORT", flag: "port", .whole(0...65_535), default: "8080",
            "Port to listen on; 0 takes any free port."),
        Setting(
            "server.data", env: "SOJOURN_DATA", flag: "data", .text(.path), default: "./sojourn-data",
            "Directory of the embedded store."),
        Setting(
            "server.api_keys", env: "SOJOURN_API_KEYS", .list(.init(item: .apiKey, count: 0...100)), privacy: .secret,
            "Keys that clients may present; separated by commas in the variable."),
        Setting(
            "server.allowed_hosts", env: "SOJOURN_ALLOWED_HOSTS", .list(.init(item: .hostHeader, count: 0...100)),
            "More names to accept in the Host header; separated by commas in the variable."),
        Setting(
            "server.concurrency", env: "WORKER_POOL", flag: "concurrency", .whole(0...10_000), default: "12",
            "Attempts at once in this process; 0 means that this server runs no handlers itself."),
        Setting(
            "server.metrics_address", env: "METRICS_ADDR", flag: "metrics-address", .text(.listenAddress),
            "A listener for /metrics alone; :2112 listens on all interfaces, without keys."),
        Setting(
            "server.drain_seconds", env: "SOJOURN_DRAIN_SECONDS", .whole(0...86_400), default: "30",
            "How long running attempts may go on after a signal to stop."),
        Setting(
            "server.behind_proxy", env: "SOJOURN_BEHIND_PROXY", .truth, default: "false",
            "Whether a reverse proxy terminates TLS in front."),
        Setting(
            "autoscale.target", env: "SOJOURN_AUTOSCALE", flag: "autoscale", .choice(of: AutoscaleTarget.self),
            default: "off",
            "What is scaled so that promises are kept: worker processes of this server, its own slots, or nothing."),
        Setting(
            "autoscale.policy", env: "SOJOURN_AUTOSCALE_POLICY", flag: "autoscale-policy",
            .choice(of: AutoscalePolicy.self), default: "foresight", "The rule that decides how many workers."),
    ]

    private static let running: [Setting] = [
        Setting(
            "lease.timeout_ms", env: "VIS_TIMEOUT_MS", .whole(1_000...86_400_000), default: "60000",
            "How long a task is handed out; workers extend it while they run."),
        Setting(
            "reaper.scan_interval_ms", env: "REAPER_SCAN_INTERVAL_MS", .whole(10...3_600_000), default: "2000",
            "Time between two scans for expired leases."),
        Setting(
            "reaper.batch_size", env: "REAPER_BATCH_SIZE", .whole(1...10_000), default: "100",
            "Expired leases taken back per scan."),
        Setting(
            "metrics.sample_ms", env: "METRICS_SAMPLE_MS", .whole(10...10_000), default: "500",
            "Time between two measurements of the depths."),
        Setting(
            "retry.base_ms", env: "RETRY_BASE_MS", .whole(1...86_400_000), default: "500",
            "Wait before the first retry; at most retry.max_ms."),
        Setting(
            "retry.max_ms", env: "RETRY_MAX_MS", .whole(1...86_400_000), default: "30000",
            "Longest wait before a retry."),
        Setting(
            "retry.jitter_ms", env: "RETRY_JITTER_MS", .whole(0...86_400_000), default: "500",
            "Largest random addition to a wait."),
        Setting(
            "retry.scan_interval_ms", env: "RETRY_SCAN_INTERVAL_MS", .whole(10...3_600_000), default: "500",
            "Time between two scans for tasks that are due."),
        Setting(
            "retry.batch_size", env: "RETRY_BATCH_SIZE", .whole(1...10_000), default: "100",
            "Due tasks made available per scan."),
        Setting(
            "retention.finished_hours", env: "SOJOURN_RETENTION_HOURS", .whole(1...87_600), default: "72",
            "How long tasks that succeeded or were cancelled are kept."),
        Setting(
            "retention.dead_hours", .whole(0...87_600), default: "0",
            "How long dead letters are kept; 0 keeps them until someone purges them."),
        Setting(
            "idempotency.hours", .whole(1...87_600), default: "24", "How long an idempotency key is remembered."),
        Setting(
            "log.level", env: "LOG_LEVEL", .choice(of: LogLevel.self), default: "info",
            "The least severe message that is written."),
        Setting(
            "log.format", env: "LOG_FORMAT", .choice(of: LogFormat.self), default: "auto",
            "How a log line looks; auto is text on a terminal, else json."),
    ]

    private static let clients: [Setting] = [
        Setting(
            "client.server", env: "SOJOURN_SERVER", flag: "server", .text(.serverURL),
            default: "http://127.0.0.1:8080",
            "The server that workers and client commands ask, unless redis.url or postgres.url comes from a better "
                + "source."
        ),
        Setting(
            "client.api_key", env: "SOJOURN_API_KEY", .text(.apiKey), privacy: .secret, "Key to present to that server."
        ),
        Setting(
            "redis.url", env: "REDIS_ADDR", flag: "redis", .text(.redisURL), privacy: .hidden,
            "Keeps the tasks in Redis; workers and client commands then go there directly."),
        Setting(
            "redis.password", env: "REDIS_PASS", .text(.password), privacy: .secret, "Password, where the URL has none."
        ),
        Setting(
            "redis.pool_size", env: "REDIS_POOL_SIZE", .whole(1...1_000),
            "Taken for the sake of other programs' settings, and without effect: one connection carries all commands."),
        Setting(
            "redis.min_idle", env: "REDIS_MIN_IDLE", .whole(0...1_000),
            "As redis.pool_size, and at most that."),
        Setting(
            "postgres.url", env: "POSTGRES_URL", flag: "postgres", .text(.postgresURL), privacy: .hidden,
            "Keeps the tasks in Postgres, after `sojourn migrate`; where redis.url is set too, Redis carries hints."
        ),
        Setting(
            "postgres.max_connections", env: "PGPOOL_MAX_CONNS", .whole(1...1_000), default: "20", "Connections."),
        Setting(
            "postgres.pooled", env: "POSTGRES_POOLED", .truth, default: "false",
            "Whether postgres.url leads to a PgBouncer in transaction mode: connections then prepare nothing."),
        Setting(
            "postgres.direct_url", env: "POSTGRES_DIRECT_URL", .text(.postgresURL), privacy: .hidden,
            "The server behind that PgBouncer, for notices; without it, workers that wait look once a second."),
    ]

    private static let queues: [Setting] = [
        Setting(
            "queues.<queue>.arrival_rate", .number(.init(lowest: 0, highest: 1_000_000, isOpen: true)),
            "λ, tasks per second that the contract allows for."),
        Setting(
            "queues.<queue>.sla_seconds", .number(.init(lowest: 0, highest: 86_400, isOpen: true)),
            "W, longest wait before a task starts; unset, the queue promises nothing."),
        Setting(
            "queues.<queue>.sla_percentile", .number(.init(lowest: 50, highest: 99.999)), default: "99",
            "Percentage of the tasks that must start in time."),
        Setting(
            "queues.<queue>.jobs_per_worker", .whole(1...10_000), default: "5",
            "Tasks that one worker process runs at once."),
        Setting(
            "queues.<queue>.scale_threshold", .number(.init(lowest: 0.01, highest: 1)), default: "0.7",
            "Share of L = λ·W at which capacity is added; only the policy littleq uses it."),
        Setting("queues.<queue>.max_retries", .whole(0...1_000), default: "3", "Retries after the first attempt."),
        Setting(
            "queues.<queue>.timeout_seconds", .number(.init(lowest: 0.001, highest: 316_224_000)),
            "Longest time of one attempt of a task without a limit of its own; unset, there is none."),
        Setting(
            "queues.<queue>.min_workers", .whole(0...10_000), default: "1", "Fewest workers; at most max_workers."),
        Setting("queues.<queue>.max_workers", .whole(1...10_000), default: "50", "Most workers."),
        Setting(
            "queues.<queue>.overflow", .choice(of: OverflowPolicy.self), default: "accept",
            "What happens to a task that cannot start in time; demote and reject need sla_seconds."),
        Setting(
            "queues.<queue>.hard", .truth, default: "false",
            "Whether every task that is taken must start in time, not only the percentage; needs overflow reject."),
        Setting(
            "queues.<queue>.crashes", .whole(0...10_000), default: "0",
            "Slots that may be lost within sla_seconds while a hard promise still holds."),
        Setting(
            "queues.<queue>.service_seconds", .number(.init(lowest: 0, highest: 86_400, isOpen: true)),
            default: "0.1", "Mean time of one attempt to believe in before tasks have been seen."),
        Setting(
            "queues.<queue>.service_max_seconds", .number(.init(lowest: 0, highest: 86_400, isOpen: true)),
            default: "60", "Longest time of one attempt; a hard promise stops attempts then."),
        Setting(
            "queues.<queue>.startup_seconds", .number(.init(lowest: 0, highest: 3_600)), default: "1",
            "Time from the launch of a worker to its first claim, to believe in before it was measured."),
        Setting(
            "queues.<queue>.burst_factor", .number(.init(lowest: 0, highest: 1_000)), default: "0",
            "Step of the arrival rate that standing workers shall cover without notice; 0 keeps none for it."),
    ]

    private static let handlers: [Setting] = [
        Setting(
            "handlers.<type>.http.url", .text(.webURL), required: true, privacy: .hidden,
            "Where to send the task; a handler has either http or exec."),
        Setting("handlers.<type>.http.timeout", .duration(100...86_400_000), default: "30s", "For one request."),
        Setting(
            "handlers.<type>.http.secret_env", .text(.variableName),
            "Name of the environment variable with the secret for signing requests."),
        Setting(
            "handlers.<type>.http.headers.<header>", .text(.headerValue), privacy: .hidden, "An extra request header."),
        Setting(
            "handlers.<type>.http.allow_private", .truth, default: "false",
            "Whether addresses that are not public may be called."),
        Setting(
            "handlers.<type>.exec.command", .list(.init(item: .argument, first: .absolutePath, count: 1...256)),
            required: true, "Program and arguments, without a shell; the payload is its standard input."),
        Setting("handlers.<type>.exec.timeout", .duration(100...86_400_000), default: "30s", "For one run."),
        Setting("handlers.<type>.exec.directory", .text(.absolutePath), "Working directory."),
        Setting(
            "handlers.<type>.exec.environment.<variable>", .text(.argument), privacy: .hidden,
            "A variable of the program's environment, which is empty otherwise."),
        Setting(
            "handlers.<type>.exec.max_output_bytes", .whole(0...1_048_576), default: "65536", "Output that is kept."),
        Setting("handlers.<type>.max_retries", .whole(0...1_000), "Retries; unset, as the queue says."),
        Setting(
            "handlers.<type>.breaker.failures", .whole(1...1_000),
            "Failures in a row after which the handler rests; unset, never."),
        Setting(
            "handlers.<type>.breaker.cooldown", .duration(1_000...3_600_000), default: "30s",
            "How long it rests; needs failures."),
    ]
}
