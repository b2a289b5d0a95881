import SojournConfiguration

/// Settings from YAML text, as a file `sojourn.yaml` that nobody else may read.
func settings(
    _ yaml: String? = nil, flags: [String: String] = [:], environment: [String: String] = [:],
    isOpenToOthers: Bool = false, for purpose: Purpose = .server
) throws(ConfigurationError) -> Settings {
    let file = yaml.map { ConfigurationFile(text: $0, isOpenToOthers: isOpenToOthers) }
    return try Settings.load(flags: flags, environment: environment, file: file, for: purpose)
}

/// The lines of the error, or none where the settings are accepted.
func problems(
    _ yaml: String? = nil, flags: [String: String] = [:], environment: [String: String] = [:],
    isOpenToOthers: Bool = false, for purpose: Purpose = .server
) -> [String] {
    do {
        _ = try settings(
            yaml, flags: flags, environment: environment, isOpenToOthers: isOpenToOthers, for: purpose)
        return []
    } catch {
        return error.problems.map(\.description)
    }
}

/// A key as an operator might make one; it must never show up in a message.
let canary = "sj_test_1_c4n4ryc4n4ryc4n4ryc4n4ry"

/// A file that uses every setting.
let fullYAML = """
    server:
      host: 127.0.0.1
      port: 9090
      data: /var/lib/sojourn
      api_keys:
        - \(canary)
        - "sj_test_2_abcdefghijklmnopqrstuvwxyz"
      allowed_hosts: [tasks.internal, tasks.example.com]
      concurrency: 24
      metrics_address: ":2112"
      drain_seconds: 45
      behind_proxy: true
    lease: { timeout_ms: 30000 }
    reaper: { scan_interval_ms: 1000, batch_size: 50 }
    metrics: { sample_ms: 250 }
    retry: { base_ms: 100, max_ms: 10000, jitter_ms: 0, scan_interval_ms: 200, batch_size: 10 }
    retention: { finished_hours: 24, dead_hours: 720 }
    idempotency: { hours: 48 }
    log: { level: debug, format: json }
    client: { server: "https://tasks.internal:8443", api_key: \(canary) }
    redis: { url: "redis://:hunter2@redis.internal:6379/0", password: hunter2, pool_size: 8, min_idle: 2 }
    postgres: { url: "postgres://sojourn:hunter2@db.internal/sojourn", max_connections: 5 }
    queues:
      realtime:
        arrival_rate: 20
        sla_seconds: 0.5
        sla_percentile: 99.9
        jobs_per_worker: 4
        scale_threshold: 0.8
        max_retries: 2
        timeout_seconds: 90
        min_workers: 2
        max_workers: 40
        overflow: reject
      "bulk:night.1":
        max_retries: 9
      default:
    handlers:
      email.send:
        http:
          url: "https://mail.internal/send?token=hunter2"
          timeout: 10s
          secret_env: SOJOURN_MAIL_SECRET
          headers: { X-Team: platform, Authorization: "Bearer hunter2" }
          allow_private: true
        max_retries: 7
        breaker: { failures: 5, cooldown: 1m }
      thumbnail:
        exec:
          command: ["/usr/bin/convert", "-", "-resize", "200x200", "png:-"]
          timeout: 1.5
          directory: /tmp
          environment: { LANG: C.UTF-8, EMPTY: "" }
          max_output_bytes: 1024
    """
