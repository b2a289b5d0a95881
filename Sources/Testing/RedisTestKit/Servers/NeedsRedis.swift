#if Redis
public import Testing

extension Trait where Self == ConditionTrait {
    /// Skips a test where no `redis-server` is installed.
    public static var needsRedis: Self {
        .enabled(if: RedisProcess.executable != nil, "redis-server is not installed")
    }
}
#endif
