/// The two texts that Prometheus reads.
enum TextFormat {
    /// The Prometheus text format, version 0.0.4.
    case text
    /// OpenMetrics 1.0.
    case openMetrics

    var contentType: String {
        switch self {
        case .text: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }
}

/// Writes the answer to a scrape.
struct TextWriter {
    private let format: TextFormat
    private var bytes: [UInt8] = []

    init(_ format: TextFormat) { self.format = format }

    /// Begins a family. OpenMetrics calls a counter by its name without `_total`.
    mutating func family(_ name: String, _ kind: Family.Kind, help: String?) {
        let isBare = format == .openMetrics && kind == .counter && name.hasSuffix("_total")
        let name = isBare ? String(name.dropLast("_total".count)) : name
        if let help {
            let escaped = help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
            add("# HELP \(name) \(escaped)\n")
        }
        add("# TYPE \(name) \(kind.rawValue)\n")
    }

    mutating func sample(_ name: String, _ labels: String, _ value: Int64) { sample(name, labels, text: "\(value)") }
    mutating func sample(_ name: String, _ labels: String, _ value: Double) {
        sample(name, labels, text: Self.text(value))
    }

    mutating func bucket(_ name: String, _ labels: String, upTo bound: Double, _ count: Int) {
        add(name)
        add("_bucket{")
        if !labels.isEmpty {
            add(labels)
            add(",")
        }
        add("le=\"\(Self.text(bound))\"} \(count)\n")
    }

    /// The whole text.
    consuming func finished() -> [UInt8] {
        if format == .openMetrics { add("# EOF\n") }
        return bytes
    }

    private mutating func sample(_ name: String, _ labels: String, text: String) {
        add(name)
        if !labels.isEmpty {
            add("{")
            add(labels)
            add("}")
        }
        add(" ")
        add(text)
        add("\n")
    }

    private mutating func add(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return "\(value)"
    }
}
