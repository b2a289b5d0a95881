import Configuration

/// The layers together: swift-configuration answers which value wins, this type where it came from.
struct Resolution {
    /// Flags, environment, file, defaults: the first that has a value wins.
    let layers: [Layer]
    /// The keys of each group in the file.
    let keys: [SettingPath: [String]]
    let reader: ConfigReader

    init(layers: [Layer], keys: [SettingPath: [String]]) {
        self.layers = layers
        self.keys = keys
        reader = ConfigReader(providers: layers.map(\.provider))
    }

    /// The names of the queues, of the handlers, or of what else stands in the group at `path`.
    func names(_ path: String...) -> [String] { keys[path, default: []] }

    /// Where the value at `path` came from.
    func place(of path: SettingPath) -> Place? {
        layers.lazy.compactMap { $0.places[path] }.first
    }

    /// From how good a source the value at `path` came: 0 is the best, nil where there is none.
    func rank(of path: SettingPath) -> Int? { layers.firstIndex { $0.places[path] != nil } }

    /// Whether no source has a problem with any of `paths`, so that a rule about them together makes sense.
    func isSound(_ paths: SettingPath...) -> Bool {
        layers.allSatisfy { layer in paths.allSatisfy(layer.isSound) }
    }
}

extension Resolution {
    /// One line per setting that has a value, in the order of the table; queue by queue and handler by handler.
    var masked: [String] {
        let settings = Setting.all.flatMap { setting in setting.paths(keys: keys).map { (setting, $0) } }
        let groups = Dictionary(grouping: settings) { $1.count > 2 ? Array($1.prefix(2)) : [] }
        return groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }
            .flatMap { $0.value.compactMap(line) }
    }

    private func line(_ setting: Setting, _ path: SettingPath) -> String? {
        guard let layer = layers.first(where: { $0.values[path] != nil }), let value = layer.values[path],
            let place = layer.places[path]
        else { return nil }
        let shown = value.isSecret ? "(hidden)" : setting.form.shown(value.content)
        return "\(path.joined(separator: ".")) = \(shown) (\(place.label))"
    }
}
