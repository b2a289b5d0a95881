/// A piece of text that takes one or two columns of a terminal: a character with its marks, or one that was made
/// visible.
struct Glyph: Equatable {
    /// What is written; never a control character.
    var text: String
    /// 1 or 2.
    var width: Int
}

/// Text from anywhere as a terminal may show it.
enum Glyphs {
    /// Marks over one character; more of them would cover the lines around.
    private static let maxMarks = 2

    /// `text` in pieces. What moves the cursor, turns the direction of writing or cannot be seen becomes `\u{…}`, and
    /// so does what terminals do not agree about how wide it is.
    static func of(_ text: String) -> [Glyph] {
        var glyphs: [Glyph] = []
        glyphs.reserveCapacity(text.utf8.count)
        var marks = maxMarks
        for scalar in text.unicodeScalars {
            switch ScalarKind(scalar) {
            case .plain(let width):
                glyphs.append(Glyph(text: String(scalar), width: width))
                marks = 0
            case .mark:
                guard marks < maxMarks, !glyphs.isEmpty else { continue }
                glyphs[glyphs.count - 1].text.unicodeScalars.append(scalar)
                marks += 1
            case .silent: continue
            case .hidden:
                glyphs += escape(scalar).map { Glyph(text: String($0), width: 1) }
                // A mark must not change how the escape reads.
                marks = maxMarks
            }
        }
        return glyphs
    }

    /// How many columns `text` takes.
    static func width(_ text: String) -> Int { of(text).reduce(0) { $0 + $1.width } }

    /// `text` in at most `columns`, with a `…` where something was cut off.
    static func fitted(_ text: String, to columns: Int) -> [Glyph] {
        let glyphs = of(text)
        guard glyphs.reduce(0, { $0 + $1.width }) > columns else { return glyphs }
        var room = columns - 1
        guard room >= 0 else { return [] }
        var kept: [Glyph] = []
        for glyph in glyphs {
            guard glyph.width <= room else { break }
            room -= glyph.width
            kept.append(glyph)
        }
        return kept + [Glyph(text: "…", width: 1)]
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": "\\n"
        case "\t": "\\t"
        case "\r": "\\r"
        default: "\\u{\(String(scalar.value, radix: 16))}"
        }
    }
}

/// What a terminal does with a scalar.
private enum ScalarKind {
    /// It takes so many columns.
    case plain(Int)
    /// It stands over the character before.
    case mark
    /// It only chooses between two looks.
    case silent
    /// It would do harm, or nobody knows what.
    case hidden

    init(_ scalar: Unicode.Scalar) {
        if (0x20...0x7E).contains(scalar.value) {
            self = .plain(1)
            return
        }
        let properties = scalar.properties
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
            self = .hidden
            return
        default: break
        }
        if (0xFE0E...0xFE0F).contains(scalar.value) {
            self = .silent
        } else if properties.isDefaultIgnorableCodePoint || ScalarKind.joins(scalar) {
            self = .hidden
        } else if properties.generalCategory == .nonspacingMark || properties.generalCategory == .enclosingMark {
            self = .mark
        } else {
            self = .plain(properties.isEmojiPresentation || ScalarKind.isWide(scalar.value) ? 2 : 1)
        }
    }

    /// Halves of flags, colours of skin and parts of Korean syllables: some terminals join them, some do not.
    private static func joins(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1160...0x11FF, 0xD7B0...0xD7FF, 0x1F1E6...0x1F1FF: true
        default: scalar.properties.isEmojiModifier
        }
    }

    /// East Asian Width W and F (Unicode, Annex 11), without the emoji.
    private static func isWide(_ value: UInt32) -> Bool {
        switch value {
        case 0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x3247, 0x3250...0x4DBF, 0x4E00...0xA4C6,
            0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6B, 0xFF01...0xFF60,
            0xFFE0...0xFFE6, 0x16FE0...0x18D08, 0x1AFF0...0x1B2FB, 0x1F200...0x1F265, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
