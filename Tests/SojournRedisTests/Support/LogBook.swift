#if Redis
import Logging
import Synchronization

/// Remembers what was logged at the level of a warning or above.
final class LogBook: Sendable {
    /// One line.
    struct Line: Sendable {
        let label: String
        let text: String
    }

    private let state = Mutex<[Line]>([])

    var lines: [Line] { state.withLock { $0 } }

    /// Forgets all lines.
    func clear() { state.withLock { $0 = [] } }

    /// Whether somebody called `label` said something with all of `words`.
    func says(_ label: String, _ words: String...) -> Bool {
        lines.contains { line in line.label == label && words.allSatisfy { line.text.contains($0) } }
    }

    func logger(_ label: String) -> Logger {
        Logger(label: label) { Handler(label: $0, book: self) }
    }

    fileprivate func add(_ line: Line) { state.withLock { $0.append(line) } }

    private struct Handler: LogHandler {
        let label: String
        let book: LogBook
        var logLevel = Logger.Level.warning
        var metadata: Logger.Metadata = [:]
        var metadataProvider: Logger.MetadataProvider?

        init(label: String, book: LogBook) { (self.label, self.book) = (label, book) }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let fields = metadata.merging(event.metadata ?? [:]) { $1 }.map { "\($0.key)=\($0.value)" }.sorted()
            book.add(Line(label: label, text: ([event.message.description] + fields).joined(separator: " ")))
        }
    }
}
#endif
