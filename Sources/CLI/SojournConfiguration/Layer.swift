import Configuration

/// One source of values (the flags, the environment, the file or the defaults), checked against the table.
struct Layer {
    /// For the provider.
    let name: String
    private(set) var values: [SettingPath: ConfigValue] = [:]
    private(set) var places: [SettingPath: Place] = [:]
    private(set) var problems: [ConfigurationError.Problem] = []
    /// What cannot be relied on, since there is a problem with it.
    private(set) var unsound: Set<SettingPath> = []

    init(name: String) { self.name = name }

    var provider: InMemoryProvider {
        InMemoryProvider(
            name: name,
            values: Dictionary(uniqueKeysWithValues: values.map { (AbsoluteConfigKey($0.key), $0.value) }))
    }

    mutating func set(_ path: SettingPath, _ content: ConfigContent, of setting: Setting, at place: Place) {
        values[path] = ConfigValue(content, isSecret: setting.privacy != .open)
        places[path] = place
    }

    /// Remembers where a group stands, for messages.
    mutating func note(_ group: SettingPath, at place: Place) { places[group] = place }

    /// `path` is what cannot be relied on for that reason; nil where everything else still can.
    mutating func refuse(_ path: SettingPath?, at place: Place, _ message: String) {
        problems.append(.init(place, message))
        if let path { unsound.insert(path) }
    }

    /// Whether nothing is wrong with the value at `path` or with a group around it.
    func isSound(_ path: SettingPath) -> Bool {
        unsound.isEmpty || !(0...path.count).contains { unsound.contains(Array(path.prefix($0))) }
    }
}

extension Layer {
    /// Values from the command line, by flag without the dashes.
    static func flags(_ flags: [String: String]) -> Layer {
        var layer = Layer(name: "flags")
        let settings = Setting.byFlag
        for (flag, text) in flags.sorted(by: { $0.key < $1.key }) {
            guard let setting = settings[flag] else {
                let nearest = Suggestion.nearest(to: flag, among: settings.keys.sorted())
                let hint = nearest.map { "; did you mean --\($0)?" } ?? ""
                layer.refuse(nil, at: .flag(flag, nil), "this flag is unknown" + hint)
                continue
            }
            layer.read(text, setting, at: .flag(flag, setting.shown(text)))
        }
        return layer
    }

    /// Values from the environment. An empty variable counts as unset, as container tools cannot unset one.
    ///
    /// `ours` are variables that the file gives a meaning, so that they may start with `SOJOURN_` as well.
    static func environment(_ environment: [String: String], ours: Set<String>) -> Layer {
        var layer = Layer(name: "environment")
        let settings = Setting.byVariable
        let services = KubernetesServices(environment)
        for (variable, text) in environment.sorted(by: { $0.key < $1.key }) where !text.isEmpty {
            if services.announce(variable, text) { continue }
            if let setting = settings[variable] {
                layer.read(text, setting, at: .variable(variable, setting.shown(text)))
            } else if variable.hasPrefix("SOJOURN_"), !ours.contains(variable) {
                let nearest = Suggestion.nearest(to: variable, among: settings.keys.sorted())
                let hint = nearest.map { "; did you mean \($0)?" } ?? ""
                layer.refuse(nil, at: .variable(variable, nil), "this variable is unknown" + hint)
            }
        }
        return layer
    }

    /// The presets of every setting; those of queues and handlers for the names in `keys`.
    static func defaults(keys: [SettingPath: [String]]) -> Layer {
        var layer = Layer(name: "defaults")
        for setting in Setting.all {
            guard let content = setting.preset.flatMap(setting.form.value) else { continue }
            for path in setting.paths(keys: keys) { layer.set(path, content, of: setting, at: .defaults) }
        }
        return layer
    }

    private mutating func read(_ text: String, _ setting: Setting, at place: Place) {
        let path = setting.path.compactMap(\.literal)
        if let content = setting.form.value(of: text) {
            set(path, content, of: setting, at: place)
        } else {
            refuse(path, at: place, "expected \(setting.form.expectation)")
        }
    }
}

extension Setting {
    static let byFlag = dictionary(\.flag)
    static let byVariable = dictionary(\.variable)

    private static func dictionary(_ name: (Setting) -> String?) -> [String: Setting] {
        all.reduce(into: [:]) { settings, setting in
            if let name = name(setting) { settings[name] = setting }
        }
    }

    /// Where the setting can stand, given the keys of each group in the file: for every queue and handler that is named
    /// there, and below those only in groups that are written.
    func paths(keys: [SettingPath: [String]]) -> [SettingPath] {
        var paths: [SettingPath] = [[]]
        for (depth, component) in path.enumerated() {
            paths = paths.flatMap { prefix in
                let written = keys[prefix, default: []]
                guard let literal = component.literal else { return written.sorted().map { prefix + [$0] } }
                let isOptionalGroup = depth > 1 && depth < path.count - 1
                return isOptionalGroup && !written.contains(literal) ? [] : [prefix + [literal]]
            }
        }
        return paths
    }
}
