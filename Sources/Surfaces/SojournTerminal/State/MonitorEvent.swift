import SojournModel
import SojournWire

/// Something that the monitor takes note of.
enum MonitorEvent: Sendable {
    /// All queues, as they were at an instant.
    case sample([QueueView], at: Timestamp)
    /// The queues could not be asked; why, in words.
    case failed(String, at: Timestamp)
    /// A key.
    case key(Key)
    /// The terminal has another size.
    case resized(Size)
    /// What was asked for has been done, or has failed.
    case finished(MonitorAction, Outcome)
    /// Something was written that has no place of its own: a warning.
    case said(String)
    /// Time has passed.
    case tick(Timestamp)

    /// How an action ended.
    enum Outcome: Equatable, Sendable {
        /// It was done; how many tasks it was about, where that is known.
        case done(Int?)
        /// It failed; why, in words.
        case failed(String)
    }
}

/// Something that the monitor wants done.
enum MonitorAction: Equatable, Sendable {
    /// Stop or resume a queue.
    case setPaused(QueueName, Bool)
    /// Put the dead letters of a queue back.
    case replay(QueueName)
    /// Ask for the queues now.
    case refresh
    /// Draw everything again.
    case redraw
    /// Give the terminal back until the process is continued.
    case suspend
    /// End.
    case quit
}

/// Columns and rows of a terminal.
struct Size: Equatable, Sendable {
    var columns: Int
    var rows: Int

    /// A size that can be drawn on, whatever a terminal says of itself.
    init(columns: Int, rows: Int) {
        self.columns = min(max(columns, 1), 1_000)
        self.rows = min(max(rows, 1), 500)
    }
}
