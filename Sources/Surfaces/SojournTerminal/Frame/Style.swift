/// How text looks. Colours are those of the terminal's own palette, which its owner can read.
struct Style: Equatable {
    /// The colours, by their number in an escape sequence.
    enum Colour: Int {
        case red = 31
        case green = 32
        case yellow = 33
        case blue = 34
        case cyan = 36
        case grey = 90
    }

    /// What a terminal can do to text without colours.
    struct Face: OptionSet {
        let rawValue: Int

        static let bold = Face(rawValue: 1)
        static let dim = Face(rawValue: 2)
        static let reverse = Face(rawValue: 4)
        static let underline = Face(rawValue: 8)
    }

    var colour: Colour?
    var face: Face

    static let plain = Style()
    static let bold = Style(nil, .bold)
    /// Less important text; without colours it looks like all other.
    static let quiet = Style(.grey)

    init(_ colour: Colour? = nil, _ face: Face = []) {
        self.colour = colour
        self.face = face
    }

    /// The escape sequence that sets exactly this.
    var sequence: String {
        var codes = ["0"]
        if face.contains(.bold) { codes.append("1") }
        if face.contains(.dim) { codes.append("2") }
        if face.contains(.underline) { codes.append("4") }
        if face.contains(.reverse) { codes.append("7") }
        if let colour { codes.append("\(colour.rawValue)") }
        return "\u{1B}[\(codes.joined(separator: ";"))m"
    }
}
