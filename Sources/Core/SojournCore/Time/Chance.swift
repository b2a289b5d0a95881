/// Chance as the system sees it: that of the machine in production, a seeded one in a simulation.
///
/// Every draw that a decision depends on comes from here, so that the same seed gives the same run.
public struct Chance: RandomNumberGenerator, Sendable {
    private let draw: @Sendable () -> UInt64

    /// Chance by a generator that is shared by all who hold this value. Never a constant one: `Double.random` would
    /// spin for ever.
    public init(_ draw: @escaping @Sendable () -> UInt64) { self.draw = draw }

    /// The machine's own, cryptographically strong.
    public static let system = Chance {
        var random = SystemRandomNumberGenerator()
        return random.next()
    }

    /// The next 64 random bits.
    public func next() -> UInt64 { draw() }
}
