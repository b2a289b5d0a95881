public import SojournCore
public import SojournModel
import SojournWire

/// The task types that every server knows: for trying things out and for load.
///
/// | type | payload | what it does |
/// | --- | --- | --- |
/// | `noop` | anything | succeeds at once |
/// | `flaky` | `{"attempts":2}` | fails the first `attempts` attempts, then succeeds |
/// | `always_fail` | anything | fails every attempt |
/// | `sleeper` | `{"ms":80}` | sleeps; 0 to 3,600,000 milliseconds |
///
/// Absent fields take the values shown, and so does a payload that is empty or `null`.
public enum BuiltinHandlers {
    /// The types it registers; nobody else may take these names in the same registry.
    public static let types: [TaskType] = ["noop", "flaky", "always_fail", "sleeper"]

    /// Adds all of them; `time` is the clock by which `sleeper` sleeps.
    public static func register(in registry: inout HandlerRegistry, time: any TimeSource = SystemTime()) {
        registry.register("noop") { _, _ in .succeeded() }
        registry.register("always_fail") { _, _ in throw Failure("always_fail fails every attempt") }
        registry.register("flaky") { payload, context in
            let failing = try number("attempts", in: payload, default: 2, clampedTo: 0...Double(Limits.maxRetries))
            guard Double(context.attempt) > failing else {
                throw Failure("flaky fails its first \(Int(failing)) attempts; this is attempt \(context.attempt)")
            }
            return .succeeded()
        }
        registry.register("sleeper") { payload, _ in
            let milliseconds = try number("ms", in: payload, default: 80, clampedTo: 0...3_600_000)
            try await time.sleep(for: .milliseconds(milliseconds))
            return .succeeded()
        }
    }

    /// The number in the field `name` of a payload, which may also be empty or `null`.
    private static func number(
        _ name: String, in payload: [UInt8], default fallback: Double, clampedTo range: ClosedRange<Double>
    ) throws(Failure) -> Double {
        guard !payload.isEmpty else { return fallback }
        do {
            let value = try JSONValue(validating: payload)
            guard !value.isNull, let field = try value.object().optional(name) else { return fallback }
            return min(max(try field.double(), range.lowerBound), range.upperBound)
        } catch {
            // The same bytes will not read better next time.
            throw Failure("The payload is refused: \(error)", isRetryable: false)
        }
    }
}
