/// What somebody pressed.
enum Key: Equatable, Sendable {
    case character(Character)
    case up, down, left, right
    case pageUp, pageDown, home, end
    case enter, escape, backspace, delete, tab
    /// Control-C.
    case interrupt
    /// Control-Z.
    case suspend
    /// Control-L.
    case redraw
}
