import Configuration

/// Reads the values of a file by walking along the table and the document together.
struct FileLayer {
    private(set) var layer: Layer
    /// The keys of each group, in the order in which they are written.
    private(set) var keys: [SettingPath: [String]] = [:]
    private let file: ConfigurationFile?

    /// Throws only where the document as a whole cannot be read; other problems are in `layer`.
    init(_ file: ConfigurationFile?) throws(ConfigurationError) {
        self.file = file
        layer = Layer(name: file?.name ?? "no file")
        guard let file, let tree = try TreeBuilder.tree(of: file) else { return }
        readGroup(tree, at: [], line: tree.line, among: Setting.all)
    }

    /// Variables to which a handler refers.
    var variables: Set<String> {
        let references = layer.values.filter { $0.key.first == "handlers" && $0.key.last == "secret_env" }
        return Set(references.values.compactMap { if case .string(let name) = $0.content { name } else { nil } })
    }

    private func place(_ line: Int) -> Place { .line(line, of: file?.name ?? "") }

    // MARK: - Groups

    /// `settings` are those below `path`.
    private mutating func readGroup(_ tree: Tree, at path: SettingPath, line: Int, among settings: [Setting]) {
        guard case .map(let entries) = tree.content else {
            if tree.isNull {
                keys[path] = []
                return reportMissing(at: path, line: line, among: settings)
            }
            let group = path.isEmpty ? "the top of the file" : dotted(path)
            let message = "\(group) must be a group of settings: \(Self.known(settings, path.count))"
            return layer.refuse(path, at: place(line), message)
        }
        keys[path] = entries.map(\.key)
        for entry in entries { read(entry, in: path, among: settings) }
        reportMissing(at: path, line: line, among: settings)
    }

    private mutating func read(_ entry: Tree.Entry, in group: SettingPath, among settings: [Setting]) {
        let path = group + [entry.key]
        let matching = settings.filter { $0.path[group.count].matches(entry.key) }
        guard let setting = matching.first else {
            return layer.refuse(group, at: place(entry.line), unknown(entry.key, in: group, among: settings))
        }
        if let name = setting.path[group.count].nameRule, !name.rule.accepts(entry.key) {
            let message = "\(dotted(group)).\(Shown.key(entry.key)): expected \(name.rule.expectation)"
            return layer.refuse(path, at: place(entry.line), message)
        }
        if setting.path.count == path.count {
            readValue(entry.value, setting, at: path, line: entry.line)
        } else {
            layer.note(path, at: place(entry.line))
            readGroup(entry.value, at: path, line: entry.line, among: matching)
        }
    }

    private mutating func reportMissing(at path: SettingPath, line: Int, among settings: [Setting]) {
        let written = Set(keys[path, default: []])
        for setting in settings where setting.isRequired && setting.path.count == path.count + 1 {
            guard let key = setting.path.last?.literal, !written.contains(key) else { continue }
            let message = "\(dotted(path + [key])) is missing; expected \(setting.form.expectation)"
            layer.refuse(path + [key], at: place(line), message)
        }
    }

    private func unknown(_ key: String, in group: SettingPath, among settings: [Setting]) -> String {
        let siblings = Self.literals(settings, group.count)
        let elsewhere = Setting.all.filter { $0.path.last?.literal == key }.map(\.name)
        let nearest = Suggestion.nearest(to: key, among: siblings) ?? elsewhere.first
        let hint = nearest.map { "did you mean \($0)?" } ?? "known are \(Self.known(settings, group.count))"
        return "\(group.isEmpty ? "" : dotted(group) + ".")\(Shown.key(key)) is unknown; \(hint)"
    }

    private static func literals(_ settings: [Setting], _ depth: Int) -> [String] {
        var seen: Set<String> = []
        return settings.compactMap { $0.path[depth].literal }.filter { seen.insert($0).inserted }
    }

    private static func known(_ settings: [Setting], _ depth: Int) -> String {
        let names = literals(settings, depth)
        return names.isEmpty
            ? settings.first?.path[depth].nameRule.map { "\($0.rawValue): …" } ?? "" : names.joined(separator: ", ")
    }

    /// Component by component, as names may hold spaces and worse while they are not yet checked.
    private func dotted(_ path: SettingPath) -> String { path.map(Shown.text).joined(separator: ".") }

    // MARK: - Values

    private mutating func readValue(_ tree: Tree, _ setting: Setting, at path: SettingPath, line: Int) {
        switch (tree.content, setting.form) {
        case (.list(let items), .list(let list)): readList(items, list, setting, at: path, line: line)
        case (.list, _), (.map, _), (.scalar, .list): refuse(tree, setting, at: path, line: line)
        case (.scalar(let text, let isPlain), let form):
            guard !tree.isNull, isPlain || !form.isUnquoted, let content = form.value(of: text) else {
                return refuse(tree, setting, at: path, line: line)
            }
            set(path, content, of: setting, line: line)
        }
    }

    private mutating func readList(
        _ items: [Tree], _ list: Form.ListRule, _ setting: Setting, at path: SettingPath, line: Int
    ) {
        var texts: [String] = []
        for (number, item) in items.enumerated() {
            let rule = number == 0 ? list.first ?? list.item : list.item
            guard case .scalar(let text, _) = item.content, !item.isNull, rule.accepts(text) else {
                let message = "\(dotted(path)): item \(number + 1)\(found(item, setting)); expected \(rule.expectation)"
                layer.refuse(path, at: place(item.line), message)
                continue
            }
            texts.append(text)
        }
        guard texts.count == items.count else { return }
        guard list.accepts(texts) else {
            let message = "\(dotted(path)) has \(texts.count) items; expected \(setting.form.expectation)"
            return layer.refuse(path, at: place(line), message)
        }
        set(path, .stringArray(texts), of: setting, line: line)
    }

    private mutating func set(_ path: SettingPath, _ content: ConfigContent, of setting: Setting, line: Int) {
        layer.set(path, content, of: setting, at: place(line))
        guard setting.privacy == .secret, let file, file.isOpenToOthers, content != .stringArray([]) else { return }
        let remedy = "run: chmod 600 \(Shown.text(file.name))"
        layer.refuse(
            path, at: place(line), "\(dotted(path)) is a secret, but other users may read this file; \(remedy)")
    }

    private mutating func refuse(_ tree: Tree, _ setting: Setting, at path: SettingPath, line: Int) {
        let message = "\(dotted(path))\(found(tree, setting)); expected \(setting.form.expectation)"
        layer.refuse(path, at: place(line), message)
    }

    /// The value in words, hidden where it is private.
    private func found(_ tree: Tree, _ setting: Setting) -> String {
        switch tree.content {
        case .map: " is a group"
        case .list: " is a list"
        case .scalar where tree.isNull: " has no value"
        case .scalar(let text, _) where setting.shown(text) == nil: " is not valid (the value is not shown)"
        case .scalar(let text, isPlain: true): " is \(Shown.text(text))"
        case .scalar(let text, isPlain: false):
            " is the text \(Shown.quoted(text))" + (setting.form.isUnquoted ? " in quotes" : "")
        }
    }
}
