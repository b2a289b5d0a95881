/// How a queue stands to its promise, the worst first.
enum Standing: Int, CaseIterable, Comparable {
    /// Tasks start late, or more have than the promise allows.
    case broken
    /// They still start in time, but it will not last.
    case atRisk
    /// Somebody has stopped it.
    case paused
    /// They start in time.
    case keeps
    /// It promises nothing.
    case noPromise
    /// There is nothing to do.
    case idle

    static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }

    /// A symbol, because not everybody sees colours.
    var symbol: String {
        switch self {
        case .broken: "✗"
        case .atRisk: "▲"
        case .paused: "‖"
        case .keeps: "✓"
        case .noPromise: "–"
        case .idle: "·"
        }
    }

    /// The word for people.
    var word: String {
        switch self {
        case .broken: "broken"
        case .atRisk: "at risk"
        case .paused: "paused"
        case .keeps: "keeps"
        case .noPromise: "no promise"
        case .idle: "idle"
        }
    }

    /// The word for programs: without spaces.
    var token: String { word.split(separator: " ").joined(separator: "_") }

    var style: Style {
        switch self {
        case .broken: Style(.red, .bold)
        case .atRisk: Style(.yellow, .bold)
        case .paused: Style(.cyan)
        case .keeps: Style(.green)
        case .noPromise, .idle: Style(.grey)
        }
    }
}
