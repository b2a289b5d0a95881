/// The components of a setting's place in the file: `["server", "port"]`.
typealias SettingPath = [String]

/// One line of the table in `SettingTable.swift`: all that is known about one setting. The reader, the checks, the
/// messages and the reference derive from it.
struct Setting: Sendable {
    /// Dotted path in the file; a component such as `<queue>` stands for any name that its rule allows.
    let name: String
    let path: [Component]
    /// Environment variable, if any.
    let variable: String?
    /// Command line flag without the dashes, if any.
    let flag: String?
    let form: Form
    /// As one would write it; nil where the setting may stay unset.
    let preset: String?
    let isRequired: Bool
    let privacy: Privacy
    /// What it means, in one line.
    let summary: String

    enum Privacy: Sendable {
        case open
        /// Never shown.
        case hidden
        /// Never shown, and a file that holds it must not be readable by others.
        case secret
    }

    init(
        _ name: String, env variable: String? = nil, flag: String? = nil, _ form: Form, default preset: String? = nil,
        required isRequired: Bool = false, privacy: Privacy = .open, _ summary: String
    ) {
        self.name = name
        path = name.split(separator: ".").map { Component(String($0)) }
        self.variable = variable
        self.flag = flag
        self.form = form
        self.preset = preset
        self.isRequired = isRequired
        self.privacy = privacy
        self.summary = summary
    }

    /// The value as a message may show it. A URL with a user may have a password, also where none belongs.
    func shown(_ text: String) -> String? {
        privacy == .open && !(text.contains("://") && text.contains("@")) ? text : nil
    }
}

extension Setting {
    /// One step of a path.
    enum Component: Sendable {
        case literal(String)
        case name(NameRule)

        init(_ text: String) {
            self = NameRule(rawValue: text).map(Component.name) ?? .literal(text)
        }

        func matches(_ key: String) -> Bool {
            switch self {
            case .literal(let literal): literal == key
            case .name: true
            }
        }

        var literal: String? {
            if case .literal(let literal) = self { literal } else { nil }
        }

        var nameRule: NameRule? {
            if case .name(let rule) = self { rule } else { nil }
        }
    }

    /// The names that operators choose themselves.
    enum NameRule: String, Sendable, CaseIterable {
        case queue = "<queue>"
        case type = "<type>"
        case header = "<header>"
        case variable = "<variable>"

        var rule: TextRule {
            switch self {
            case .queue, .type: .name
            case .header: .headerName
            case .variable: .variableName
            }
        }
    }
}
