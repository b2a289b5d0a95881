/// From the bytes that a terminal sends to keys.
///
/// Text that is pasted is no command and is left out, and so is every sequence that nobody here knows.
struct KeyParser {
    /// Longest sequence that is read; a longer one is dropped.
    private static let sequenceBound = 32
    private static let endOfPaste: [UInt8] = Array("\u{1B}[201~".utf8)

    private enum State {
        case ground
        /// After Escape, which may have been the key itself.
        case escape
        /// Inside `ESC [ … final` or `ESC O final`.
        case sequence([UInt8])
        /// Inside pasted text; how many bytes of its end have been seen.
        case paste(Int)
        /// Inside a character of several bytes.
        case character([UInt8], missing: Int)
    }
    private var state = State.ground

    /// Whether an Escape is open, which is a key of its own if nothing follows soon.
    var isWaiting: Bool {
        switch state {
        case .escape, .sequence: true
        case .ground, .paste, .character: false
        }
    }

    /// The keys that end in `bytes`.
    mutating func read(_ bytes: some Sequence<UInt8>) -> [Key] {
        var keys: [Key] = []
        for byte in bytes { read(byte, &keys) }
        return keys
    }

    /// What has been pressed if nothing more comes.
    mutating func timeOut() -> [Key] {
        defer { if isWaiting { state = .ground } }
        if case .escape = state { return [.escape] }
        return []
    }

    private mutating func read(_ byte: UInt8, _ keys: inout [Key]) {
        switch state {
        case .ground: begin(byte, &keys)
        case .escape: afterEscape(byte, &keys)
        case .sequence(let bytes): goOn(bytes + [byte], &keys)
        case .paste(let seen):
            let end = KeyParser.endOfPaste
            let next = byte == end[seen] ? seen + 1 : byte == end[0] ? 1 : 0
            state = next == end.count ? .ground : .paste(next)
        case .character(let bytes, let missing):
            guard byte & 0xC0 == 0x80 else {
                state = .ground
                return begin(byte, &keys)
            }
            guard missing == 1 else {
                state = .character(bytes + [byte], missing: missing - 1)
                return
            }
            state = .ground
            if let text = String(validating: bytes + [byte], as: UTF8.self), let first = text.first {
                keys.append(.character(first))
            }
        }
    }

    private mutating func begin(_ byte: UInt8, _ keys: inout [Key]) {
        switch byte {
        case 0x1B: state = .escape
        case 0x03: keys.append(.interrupt)
        case 0x1A: keys.append(.suspend)
        case 0x0C: keys.append(.redraw)
        case 0x0D, 0x0A: keys.append(.enter)
        case 0x09: keys.append(.tab)
        case 0x7F, 0x08: keys.append(.backspace)
        case 0x20...0x7E: keys.append(.character(Character(Unicode.Scalar(byte))))
        case 0xC2...0xDF: state = .character([byte], missing: 1)
        case 0xE0...0xEF: state = .character([byte], missing: 2)
        case 0xF0...0xF4: state = .character([byte], missing: 3)
        default: break
        }
    }

    private mutating func afterEscape(_ byte: UInt8, _ keys: inout [Key]) {
        switch byte {
        case UInt8(ascii: "["), UInt8(ascii: "O"): state = .sequence([byte])
        case 0x1B: keys.append(.escape)
        default:
            // Escape, and another key so soon after it that both came at once.
            state = .ground
            keys.append(.escape)
            begin(byte, &keys)
        }
    }

    private mutating func goOn(_ bytes: [UInt8], _ keys: inout [Key]) {
        guard let final = bytes.last, bytes.count <= KeyParser.sequenceBound else {
            state = .ground
            return
        }
        guard (0x40...0x7E).contains(final) else {
            // Anything but parameters breaks a sequence off.
            state = (0x20...0x3F).contains(final) ? .sequence(bytes) : .ground
            if final == 0x1B { state = .escape }
            return
        }
        state = .ground
        // Without modifiers: Shift and an arrow is an arrow.
        let parameters = bytes.dropFirst().dropLast().split(separator: UInt8(ascii: ";")).first ?? []
        let parameter = String(decoding: parameters, as: UTF8.self)
        if final == UInt8(ascii: "~"), parameter == "200" { state = .paste(0) }
        if let key = KeyParser.key(final, parameter) { keys.append(key) }
    }

    private static func key(_ final: UInt8, _ parameter: String) -> Key? {
        switch (Character(Unicode.Scalar(final)), parameter) {
        case ("A", _): .up
        case ("B", _): .down
        case ("C", _): .right
        case ("D", _): .left
        case ("H", _), ("~", "1"), ("~", "7"): .home
        case ("F", _), ("~", "4"), ("~", "8"): .end
        case ("M", ""): .enter
        case ("~", "3"): .delete
        case ("~", "5"): .pageUp
        case ("~", "6"): .pageDown
        default: nil
        }
    }
}
