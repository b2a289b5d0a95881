/// A run as a picture: load, slots and waits against time, as one SVG file that follows the reader's light or dark
/// theme.
public struct Chart: Sendable {
    /// A line of one panel.
    private struct Series {
        let name: String
        let style: String
        let points: [(x: Double, y: Double)]
        var isStepped = false
    }

    private struct Panel {
        let title: String
        let series: [Series]
        var limit: Double?
    }

    private static let width = 960.0
    private static let left = 64.0
    private static let right = 24.0
    private static let top = 56.0
    private static let panelHeight = 150.0
    private static let pitch = 206.0

    private let run: Simulation
    private let limit: Double
    private let title: String
    private let bucket: Double

    /// A picture of a run.
    ///
    /// - Parameters:
    ///   - limit: W, in seconds; drawn as a line.
    ///   - title: what stands above.
    ///   - buckets: into how many stretches the time is cut.
    public init(_ run: Simulation, limit: Double, title: String, buckets: Int = 180) {
        self.run = run
        self.limit = limit
        self.title = title
        bucket = run.workload.horizon / Double(min(max(buckets, 1), 2000))
    }

    /// The file.
    public var svg: String {
        let panels = panels
        let height = Self.top + Double(panels.count) * Self.pitch
        var parts = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(text(Self.width)) \(text(height))\" role=\"img\""
                + " aria-label=\"\(Self.escaped(title))\">",
            "<title>\(Self.escaped(title))</title>", Self.style,
            "<rect class=\"page\" width=\"\(text(Self.width))\" height=\"\(text(height))\"/>",
            label(title, x: Self.left, y: 24, class: "title"),
        ]
        for (index, panel) in panels.enumerated() {
            parts += draw(panel, top: Self.top + Double(index) * Self.pitch, isLast: index == panels.count - 1)
        }
        return parts.joined(separator: "\n") + "\n</svg>\n"
    }

    // MARK: What is drawn

    private var panels: [Panel] {
        let (rates, p99, longest) = byBucket()
        return [
            Panel(title: "Arrivals per second", series: [Series(name: "rate", style: "a", points: rates)]),
            Panel(
                title: "Slots",
                series: [
                    Series(name: "launched", style: "b", points: moments { Double($0.current) }, isStepped: true),
                    Series(name: "ready", style: "a", points: moments { Double($0.ready) }, isStepped: true),
                ]),
            Panel(
                title: "Wait in seconds, by arrival",
                series: [
                    Series(name: "longest", style: "b", points: longest), Series(name: "p99", style: "a", points: p99),
                ], limit: limit),
        ]
    }

    /// At most a few points per pixel column: the first moment of each bucket's quarter.
    private func moments(_ value: (Simulation.Moment) -> Double) -> [(x: Double, y: Double)] {
        var points: [(x: Double, y: Double)] = []
        var next = -Double.infinity
        for moment in run.moments where moment.instant >= next && moment.instant <= run.workload.horizon {
            points.append((moment.instant, value(moment)))
            next = moment.instant + bucket / 4
        }
        return points
    }

    private typealias Points = [(x: Double, y: Double)]

    private func byBucket() -> (rates: Points, p99: Points, longest: Points) {
        var rates: Points = []
        var p99: Points = []
        var longest: Points = []
        let arrivals = run.workload.arrivals
        var task = 0
        for index in 0..<Int((run.workload.horizon / bucket).rounded()) {
            let (start, end) = (Double(index) * bucket, Double(index + 1) * bucket)
            var waits: [Double] = []
            let first = task
            while task < arrivals.count, arrivals[task] < end {
                if run.admitted[task] { waits.append(run.started[task] - arrivals[task]) }
                task += 1
            }
            let quantile = Quantiles(waits)
            rates.append((start + bucket / 2, Double(task - first) / bucket))
            p99.append((start + bucket / 2, quantile(0.99)))
            longest.append((start + bucket / 2, quantile(1)))
        }
        return (rates, p99, longest)
    }

    // MARK: How it is drawn

    private func draw(_ panel: Panel, top: Double, isLast: Bool) -> [String] {
        let highest = max(panel.series.flatMap(\.points).map(\.y).max() ?? 0, panel.limit ?? 0)
        let ticks = Self.ticks(to: highest)
        let ceiling = max(highest, ticks.last ?? 1) * 1.02
        func y(_ value: Double) -> Double { top + Self.panelHeight * (1 - value / max(ceiling, 1e-9)) }
        var parts = [label(panel.title, x: Self.left, y: top - 8, class: "name")]
        for tick in ticks {
            parts.append(line(from: (Self.left, y(tick)), to: (Self.width - Self.right, y(tick)), class: "grid"))
            parts.append(label(Self.number(tick), x: Self.left - 8, y: y(tick) + 4, class: "tick end"))
        }
        for tick in Self.ticks(to: run.workload.horizon, count: 8) {
            let bottom = top + Self.panelHeight
            parts.append(line(from: (x(tick), bottom), to: (x(tick), bottom + 4), class: "axis"))
            parts.append(label(Self.number(tick), x: x(tick), y: bottom + 17, class: "tick middle"))
        }
        parts.append(line(from: (Self.left, y(0)), to: (Self.width - Self.right, y(0)), class: "axis"))
        if isLast { parts.append(label("seconds", x: Self.width - Self.right, y: y(0) + 32, class: "tick end")) }
        for series in panel.series { parts.append(path(series, y)) }
        if let limit = panel.limit {
            parts.append(line(from: (Self.left, y(limit)), to: (Self.width - Self.right, y(limit)), class: "limit"))
        }
        return parts + legend(panel, y: top - 8)
    }

    private func path(_ series: Series, _ y: (Double) -> Double) -> String {
        var commands = ""
        for (index, point) in series.points.enumerated() {
            let place = "\(text(x(point.x)))"
            commands += index == 0 ? "M\(place)" : series.isStepped ? "H\(place)V" : "L\(place)"
            if index == 0 || !series.isStepped { commands += " " }
            commands += text(y(point.y))
        }
        return "<path class=\"line \(series.style)\" d=\"\(commands)\"/>"
    }

    private func legend(_ panel: Panel, y: Double) -> [String] {
        var entries = panel.series.map { (name: $0.name, style: "line \($0.style)") }
        if let limit = panel.limit { entries.append(("limit \(Self.number(limit)) s", "limit")) }
        var x = Self.width - Self.right
        return entries.reversed().flatMap { entry in
            x -= Double(entry.name.count) * 7 + 38
            return [
                line(from: (x, y - 4), to: (x + 20, y - 4), class: entry.style),
                label(entry.name, x: x + 26, y: y, class: "tick"),
            ]
        }
    }

    private func x(_ seconds: Double) -> Double {
        Self.left + (Self.width - Self.left - Self.right) * seconds / max(run.workload.horizon, 1e-9)
    }

    private func line(from: (Double, Double), to: (Double, Double), class name: String) -> String {
        "<line class=\"\(name)\" x1=\"\(text(from.0))\" y1=\"\(text(from.1))\""
            + " x2=\"\(text(to.0))\" y2=\"\(text(to.1))\"/>"
    }

    private func label(_ words: String, x: Double, y: Double, class name: String) -> String {
        "<text class=\"\(name)\" x=\"\(text(x))\" y=\"\(text(y))\">\(Self.escaped(words))</text>"
    }

    private func text(_ value: Double) -> String { Decimals.fixed(value.isFinite ? value : 0, 1) }

    /// Round numbers from 0 to `highest`.
    private static func ticks(to highest: Double, count: Int = 5) -> [Double] {
        guard highest > 0, highest.isFinite else { return [0, 1] }
        var step = 1.0
        while step * Double(count) > highest { step /= 10 }
        while step * Double(count) * 10 <= highest { step *= 10 }
        let factor = [1.0, 2, 5, 10].first { $0 * step * Double(count) >= highest } ?? 10
        return (0...Int(highest / (factor * step) + 1e-9)).map { Double($0) * factor * step }
    }

    private static func number(_ value: Double) -> String {
        let digits = Decimals.fixed(value, 2)
        return digits.hasSuffix(".00")
            ? String(digits.dropLast(3)) : digits.hasSuffix("0") ? String(digits.dropLast()) : digits
    }

    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            // Other control characters must not stand in XML at all.
            case _ where scalar.value < 32: result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
    }

    private static let style = """
        <style>
        svg { font: 12px system-ui, sans-serif; }
        .page { fill: #ffffff; } text { fill: #24292f; } .title { font-size: 15px; font-weight: 600; }
        .name { font-weight: 600; } .tick { fill: #57606a; } .end { text-anchor: end; } .middle { text-anchor: middle; }
        .grid { stroke: #d8dee4; } .axis { stroke: #57606a; } .line { fill: none; stroke-width: 1.5; }
        .a { stroke: #0969da; } .b { stroke: #bc4c00; } .limit { stroke: #cf222e; stroke-dasharray: 6 4; }
        @media (prefers-color-scheme: dark) {
        .page { fill: #0d1117; } text { fill: #e6edf3; } .tick { fill: #9198a1; } .grid { stroke: #30363d; }
        .axis { stroke: #9198a1; } .a { stroke: #58a6ff; } .b { stroke: #f0883e; } .limit { stroke: #ff7b72; }
        }
        </style>
        """
}
