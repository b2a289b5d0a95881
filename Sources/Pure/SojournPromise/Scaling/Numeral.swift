/// Numbers as a reason shows them: three digits are enough to follow a decision.
enum Numeral {
    static func short(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "∞" }
        let magnitude = abs(value)
        let scale: Double = magnitude >= 99.95 ? 1 : magnitude >= 9.995 ? 10 : magnitude >= 0.9995 ? 100 : 1_000
        let rounded = (value * scale).rounded() / scale
        return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
    }

    /// A count that was computed in real numbers: rounded up, without trapping.
    ///
    /// A billionth below the next whole number is that of rounding errors.
    static func ceiling(_ value: Double) -> Int {
        value > 0 ? Int(min(value - 1e-9, 1e12).rounded(.up)) : 0
    }
}
