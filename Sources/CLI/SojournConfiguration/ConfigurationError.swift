/// Why a configuration was refused: all its problems, not only the first.
public struct ConfigurationError: Error, Equatable, CustomStringConvertible {
    /// What to put right: flags first, then variables, then the file from top to bottom.
    public let problems: [Problem]

    init(_ problems: [Problem]) {
        // Sorting by (line, position) keeps the given order where lines are equal.
        self.problems = problems.enumerated()
            .sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }
            .map(\.element)
    }

    /// One problem per line.
    public var description: String { problems.map(\.description).joined(separator: "\n") }

    /// One thing to put right.
    public struct Problem: Sendable, Equatable, CustomStringConvertible {
        /// Where it is: `sojourn.yaml:12`, `WORKER_POOL=abc` or `--port 99999`, never with a secret.
        public let place: String
        /// What is wrong and what would be right.
        public let message: String
        /// Line in the file, from 1; 0 outside the file.
        let line: Int

        init(_ place: Place, _ message: String) {
            self.place = place.found
            self.message = message
            line = place.line
        }

        /// `place: message`
        public var description: String { "\(place): \(message)" }
    }
}

/// Where a value stands.
struct Place: Sendable, Equatable {
    /// `sojourn.yaml:12`, `WORKER_POOL` or `--port`.
    let label: String
    /// The label with the value as it was found there, if it may be shown.
    let found: String
    /// Line in the file, from 1; 0 outside the file.
    let line: Int

    static func flag(_ name: String, _ value: String?) -> Place {
        Place(label: "--\(name)", found: "--\(name)" + (value.map { " \(Shown.text($0))" } ?? ""), line: 0)
    }

    static func variable(_ name: String, _ value: String?) -> Place {
        let name = Shown.text(name)
        return Place(label: name, found: name + (value.map { "=\(Shown.text($0))" } ?? ""), line: 0)
    }

    static func line(_ line: Int, of file: String) -> Place {
        let label = "\(Shown.text(file)):\(line)"
        return Place(label: label, found: label, line: line)
    }

    static func file(_ name: String) -> Place {
        Place(label: Shown.text(name), found: Shown.text(name), line: 0)
    }

    static let defaults = Place(label: "default", found: "default", line: 0)
}
