/// Numbers in sentences, without Foundation.
enum Words {
    /// Three significant digits, for example `0.25`, `16.5`, `1230`; very small ones as `1e-7`.
    static func number(_ value: Double) -> String {
        let size = value.magnitude
        guard value.isFinite, size < 1e15 else { return "\(value)" }
        if size >= 100 || value == value.rounded() { return "\(Int64(value.rounded()))" }
        var factor = 10.0
        while size * factor < 100, factor < 1e12 { factor *= 10 }
        let rounded = (value * factor).rounded() / factor
        return rounded == rounded.rounded() ? "\(Int64(rounded))" : "\(rounded)"
    }

    static func seconds(_ value: Double) -> String { "\(number(value)) s" }

    static func percent(_ share: Double) -> String { "\(number(share * 100)) %" }

    static func count(_ number: Int, _ one: String, _ many: String) -> String {
        "\(number) \(number == 1 ? one : many)"
    }

    static func slots(_ number: Int) -> String { count(number, "slot", "slots") }
}
