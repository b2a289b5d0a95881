#if Redis
import RESP

/// What `body` comes to, for an `async let` whose error is looked at later.
func result(_ body: @Sendable () async throws -> RESPValue) async -> Result<RESPValue, any Error> {
    do { return .success(try await body()) } catch { return .failure(error) }
}
#endif
