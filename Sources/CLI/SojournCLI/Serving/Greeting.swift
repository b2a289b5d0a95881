import Logging
import SojournConfiguration
import SojournModel

/// What a server says when it is ready: on standard output for people, as a log record for programs.
struct Greeting: Sendable {
    private let host: String
    private let place: String
    private let needsKey: Bool
    private let concurrency: Int
    private let types: [TaskType]

    /// - Parameter place: where the tasks are.
    init(_ settings: Settings, place: String, types: [TaskType]) {
        host = settings.server.host
        self.place = place
        needsKey = !settings.server.apiKeys.isEmpty
        concurrency = settings.server.concurrency
        self.types = types
    }

    /// Says it. `port` is the one that was bound.
    func show(port: Int, logger: Logger) {
        let url = "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
        Console.say(text(url))
        // A person at the terminal has just read it.
        if Console.isErrorTerminal { return }
        logger.info(
            "Listening",
            metadata: [
                "version": "\(Sojourn.version)", "url": "\(url)", "data": "\(place)", "concurrency": "\(concurrency)",
                "types": .array(types.map { "\($0)" }),
            ])
    }

    private func text(_ url: String) -> String {
        let names = types.map(\.rawValue).joined(separator: ", ")
        let key = needsKey ? " -H \"Authorization: Bearer $SOJOURN_API_KEY\"" : ""
        return """
            sojourn \(Sojourn.version) listening on \(url)
              data      \(Visible.line(place))
              handlers  \(concurrency > 0 ? "\(names) (\(concurrency) attempts at once)" : "none in this process")
              try       curl \(url)/tasks -H 'Content-Type: application/json'\(key) -d '{"type":"noop"}'
            """
    }
}
