import Configuration

/// What the value of a setting looks like: how to read it from text, and how to say what is expected.
enum Form: Sendable {
    case whole(ClosedRange<Int>)
    case number(NumberRange)
    /// Bounds in milliseconds; so is the value that is read.
    case duration(ClosedRange<Int>)
    case truth
    case choice([String])
    case text(TextRule)
    case list(ListRule)

    struct NumberRange: Sendable {
        let lowest: Double
        let highest: Double
        /// Whether the value must lie above `lowest`.
        var isOpen = false
    }

    struct ListRule: Sendable {
        let item: TextRule
        var first: TextRule?
        let count: ClosedRange<Int>

        func accepts(_ items: [String]) -> Bool {
            count.contains(items.count) && items.allSatisfy(item.accepts)
                && (first.flatMap { rule in items.first.map(rule.accepts) } ?? true)
        }
    }

    static func choice<Choice: CaseIterable & RawRepresentable<String>>(of type: Choice.Type) -> Form {
        .choice(type.allCases.map(\.rawValue))
    }

    /// Completes "expected …".
    var expectation: String {
        switch self {
        case .whole(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number(let range):
            range.isOpen
                ? "a number above \(Shown.number(range.lowest)), at most \(Shown.number(range.highest))"
                : "a number from \(Shown.number(range.lowest)) to \(Shown.number(range.highest))"
        case .duration(let range):
            "a duration from \(Shown.duration(milliseconds: range.lowerBound)) to "
                + "\(Shown.duration(milliseconds: range.upperBound)), such as 500ms, 10s, 2m or 1h"
        case .truth: "true or false"
        case .choice(let words): Shown.alternatives(words)
        case .text(let rule): rule.expectation
        case .list(let list):
            "a list of \(list.count.lowerBound) to \(list.count.upperBound) items, each \(list.item.expectation)"
                + (list.first.map { ", the first \($0.expectation)" } ?? "")
        }
    }

    /// Whether quotes in the file make the value a text, and so the wrong type.
    var isUnquoted: Bool {
        switch self {
        case .whole, .number, .truth: true
        case .duration, .choice, .text, .list: false
        }
    }

    /// The value, or nil where `text` is not what is expected. A list is separated by commas.
    func value(of text: String) -> ConfigContent? {
        switch self {
        case .whole(let range): Int(text).flatMap { range.contains($0) ? .int($0) : nil }
        case .number(let range): Self.number(text).flatMap { range.contains($0) ? .double($0) : nil }
        case .duration(let range): Self.milliseconds(text).flatMap { range.contains($0) ? .int($0) : nil }
        case .truth: ["true": true, "false": false][text].map { .bool($0) }
        case .choice(let words): words.contains(text) ? .string(text) : nil
        case .text(let rule): rule.accepts(text) ? .string(text) : nil
        case .list(let list): Self.items(text, list).map { .stringArray($0) }
        }
    }

    /// The value as an operator would write it.
    func shown(_ content: ConfigContent) -> String {
        switch (self, content) {
        case (.duration, .int(let milliseconds)): Shown.duration(milliseconds: milliseconds)
        case (_, .int(let number)): String(number)
        case (_, .double(let number)): Shown.number(number)
        case (_, .bool(let truth)): String(truth)
        case (_, .string(let text)): Shown.text(text)
        case (_, .stringArray(let items)): "[\(items.map(Shown.text).joined(separator: ", "))]"
        default: "?"
        }
    }

    /// Decimal notation only: `Double` alone would also take `nan`, `inf` and hexadecimal.
    private static func number(_ text: String) -> Double? {
        guard text.utf8.allSatisfy({ "+-.eE0123456789".utf8.contains($0) }) else { return nil }
        return Double(text).flatMap { $0.isFinite ? $0 : nil }
    }

    /// `10s`, `500ms`, `2m`, `1h`, or a number of seconds; nil where it is not a whole number of milliseconds.
    private static func milliseconds(_ text: String) -> Int? {
        let units: [(suffix: String, milliseconds: Double)] = [
            ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("", 1_000),
        ]
        guard let unit = units.first(where: { text.hasSuffix($0.suffix) }),
            let count = number(String(text.dropLast(unit.suffix.count)))
        else { return nil }
        let exact = count * unit.milliseconds
        // Binary fractions: 0.29 s is 289.99999999999994 ms.
        return abs(exact - exact.rounded()) < 1e-6 ? Int(exactly: exact.rounded()) : nil
    }

    private static func items(_ text: String, _ list: ListRule) -> [String]? {
        let items = text.split(separator: ",").map { $0.split(separator: " ").joined(separator: " ") }
            .filter { !$0.isEmpty }
        return list.accepts(items) ? items : nil
    }
}

extension Form.NumberRange {
    func contains(_ number: Double) -> Bool {
        (isOpen ? number > lowest : number >= lowest) && number <= highest
    }
}
