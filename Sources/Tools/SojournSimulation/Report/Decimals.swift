/// Numbers for people, without Foundation.
enum Decimals {
    /// A number with so many digits after the point.
    static func fixed(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
        let scale = (0..<digits).reduce(1.0) { product, _ in product * 10 }
        guard let scaled = Int(exactly: (abs(value) * scale).rounded()), scaled < 1 << 53 else { return "\(value)" }
        let text = String(scaled)
        let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
        let sign = value < 0 && scaled > 0 ? "-" : ""
        return digits == 0 ? sign + padded : "\(sign)\(padded.dropLast(digits)).\(padded.suffix(digits))"
    }

    /// About three significant digits.
    static func short(_ value: Double) -> String { fixed(value, abs(value) >= 100 ? 0 : abs(value) >= 10 ? 1 : 2) }

    /// A share as a percentage without its sign.
    static func percent(_ share: Double) -> String {
        let value = share * 100
        return value == 0 ? "0" : fixed(value, value < 0.1 ? 3 : value < 10 ? 2 : 1)
    }

    /// Text of at least that width.
    static func padded(_ text: String, _ width: Int, left: Bool = false) -> String {
        let blanks = String(repeating: " ", count: max(0, width - text.count))
        return left ? blanks + text : text + blanks
    }
}
