import Logging
import SojournConfiguration
import SojournCore

/// Writes each message as one line to standard error.
struct LineLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let layout: LogLayout
    private let sink: LogSink
    private let time: any TimeSource

    init(label: String, level: Logger.Level, layout: LogLayout, sink: LogSink, time: any TimeSource = SystemTime()) {
        self.label = label
        self.logLevel = level
        self.layout = layout
        self.sink = sink
        self.time = time
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields = metadata
        if let provided = metadataProvider?.get() { fields.merge(provided) { $1 } }
        if let own = event.metadata { fields.merge(own) { $1 } }
        if let error = event.error, fields["error"] == nil { fields["error"] = "\(error)" }
        let now = time.now()
        let line = layout.line(at: now, event.level, label, event.message.description, fields)
        sink.write(line) { count in
            layout.line(
                at: now, .warning, "sojourn.log", "Log lines were dropped, because nobody read them",
                ["count": "\(count)"])
        }
    }
}

extension LoggingSystem {
    /// Sends everything that is logged in this process to standard error, as the settings say.
    static func bootstrap(_ settings: Settings.Log) {
        let level = Logger.Level(rawValue: settings.level.rawValue) ?? .info
        let layout: LogLayout =
            switch settings.format {
            case .text: .text
            case .json: .json
            case .auto: Console.isErrorTerminal ? .text : .json
            }
        let sink = LogSink()
        let time = SystemTime()
        bootstrap { LineLogHandler(label: $0, level: level, layout: layout, sink: sink, time: time) }
    }
}
