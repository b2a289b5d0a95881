import Yams

/// Turns YAML text into a ``Tree``, within bounds. Aliases are resolved here, with ``Tree``s that share what they
/// repeat and know their size; Yams never sees them (``Disguise`` says why).
struct TreeBuilder {
    /// Most nodes, with every alias written out.
    static let maximumNodes = 10_000
    /// Most levels.
    static let maximumDepth = 32

    private let file: String
    private let disguise: Disguise
    private var anchors: [String: Tree] = [:]
    private var nodes = 0

    /// The document in `file`, or nil where it is empty. Throws one problem with its line.
    static func tree(of file: ConfigurationFile) throws(ConfigurationError) -> Tree? {
        guard file.text.utf8.count <= ConfigurationFile.maximumBytes else {
            throw ConfigurationFile.tooLarge(file.name)
        }
        guard let disguise = Disguise(for: file.text) else {
            throw ConfigurationError([.init(.file(file.name), "the file holds every private-use character")])
        }
        var builder = TreeBuilder(file: file.name, disguise: disguise)
        return try builder.document(disguise.hide(file.text))
    }

    private init(file: String, disguise: Disguise) {
        self.file = file
        self.disguise = disguise
    }

    /// `text` is in disguise.
    private mutating func document(_ text: String) throws(ConfigurationError) -> Tree? {
        do {
            let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
            // Nodes hold their anchors weakly; the parser owns them.
            return try withExtendedLifetime(parser) {
                try parser.singleRoot().map { try tree(of: $0, depth: 1) }
            }
        } catch let error as ConfigurationError {
            throw error
        } catch let error as YamlError {
            throw refusal(of: error, in: text)
        } catch {
            throw refusal(1, "this is not valid YAML")
        }
    }

    private mutating func tree(of node: Node, depth: Int) throws(ConfigurationError) -> Tree {
        let line = node.mark?.line ?? 1
        guard depth <= Self.maximumDepth else { throw tooDeep(line) }
        guard ["", Tag.Name.str.rawValue, Tag.Name.seq.rawValue, Tag.Name.map.rawValue].contains(node.tag.rawValue)
        else { throw refusal(line, "this tag is not supported; leave it out") }
        let tree: Tree
        switch node {
        case .scalar(let scalar):
            if let name = aliasName(scalar) { return try alias(name, line: line, depth: depth) }
            tree = Tree(line: line, .scalar(disguise.restore(scalar.string), isPlain: scalar.style == .plain))
        case .sequence(let sequence):
            var items: [Tree] = []
            for item in sequence { items.append(try self.tree(of: item, depth: depth + 1)) }
            tree = Tree(line: line, .list(items))
        case .mapping(let mapping): tree = Tree(line: line, .map(try entries(of: mapping, depth: depth)))
        case .alias: throw refusal(line, "aliases are not supported here")
        }
        try count(1, line)
        if let anchor = node.anchor { anchors[anchor.rawValue] = tree }
        return tree
    }

    private mutating func entries(
        of mapping: Node.Mapping, depth: Int
    ) throws(ConfigurationError) -> [Tree.Entry] {
        var own: [Tree.Entry] = []
        var merged: [Tree.Entry] = []
        for (key, value) in mapping {
            let line = key.mark?.line ?? 1
            guard let scalar = key.scalar, aliasName(scalar) == nil else {
                throw refusal(line, "a key must be plain text, not an alias, a list or a map")
            }
            try count(1, line)
            let name = disguise.restore(scalar.string)
            let tree = try tree(of: value, depth: depth + 1)
            if name == "<<", scalar.style == .plain {
                merged += try mergedEntries(of: tree, line: line)
            } else {
                own.append(Tree.Entry(key: name, line: line, value: tree))
            }
        }
        var names = Set(own.map(\.key))
        // A key that is written here wins over one that is merged, and the first merged map over the next.
        return own + merged.filter { names.insert($0.key).inserted }
    }

    private func mergedEntries(of tree: Tree, line: Int) throws(ConfigurationError) -> [Tree.Entry] {
        let maps: [Tree] = if case .list(let items) = tree.content { items } else { [tree] }
        var merged: [Tree.Entry] = []
        for map in maps {
            guard case .map(let entries) = map.content else {
                throw refusal(line, "<< must be followed by a map or a list of maps")
            }
            merged += entries
        }
        return merged
    }

    private mutating func alias(_ name: String, line: Int, depth: Int) throws(ConfigurationError) -> Tree {
        guard let tree = anchors[name] else {
            throw refusal(
                line, "*\(Shown.key(name)) names no anchor; a text that starts with * must be in quotes")
        }
        guard depth + tree.height - 1 <= Self.maximumDepth else { throw tooDeep(line) }
        try count(tree.size, line)
        return tree.moved(to: line)
    }

    private mutating func count(_ more: Int, _ line: Int) throws(ConfigurationError) {
        nodes += more
        guard nodes <= Self.maximumNodes else {
            throw refusal(line, "the file has more than \(Self.maximumNodes) values, counting each alias in full")
        }
    }

    private func aliasName(_ scalar: Node.Scalar) -> String? {
        scalar.style == .plain ? disguise.aliasName(scalar.string) : nil
    }
}

// MARK: - Messages

extension TreeBuilder {
    private func refusal(_ line: Int, _ message: String) -> ConfigurationError {
        ConfigurationError([.init(.line(line, of: file), message)])
    }

    private func tooDeep(_ line: Int) -> ConfigurationError {
        refusal(line, "the values are nested more than \(Self.maximumDepth) levels deep")
    }

    /// What YAML 1.1 ends a line with, CR LF aside.
    private static let lineBreaks: Set<UInt32> = [0x0A, 0x0D, 0x85, 0x2028, 0x2029]

    /// Yams would print the line itself, and with it perhaps a secret.
    private func refusal(of error: YamlError, in text: String) -> ConfigurationError {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            // The end of the text counts as a line of its own there.
            let line = min(mark.line, 1 + text.unicodeScalars.count { Self.lineBreaks.contains($0.value) })
            if problem.hasPrefix("Maximum nesting") { return tooDeep(line) }
            let origin = context.map { " (\($0.text), line \($0.mark.line))" } ?? ""
            return refusal(line, "this is not valid YAML: \(problem)\(origin)")
        case .reader(let problem, let offset, _, _):
            return refusal(
                1 + text.prefix(offset ?? 0).utf8.count { $0 == UInt8(ascii: "\n") },
                "this is not valid YAML: \(problem)")
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.map { Shown.key(disguise.restore($0)) }.joined(separator: ", ")
            return refusal(context.mark.line, "\(names) is written twice in the same group")
        default: return refusal(1, "this is not valid YAML")
        }
    }
}
