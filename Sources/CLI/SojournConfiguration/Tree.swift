/// A YAML document with the line of every value, its aliases and merge keys resolved.
struct Tree {
    /// From 1.
    let line: Int
    let content: Content
    /// Nodes, this one included, if every alias were written out.
    let size: Int
    /// Levels, this one included.
    let height: Int

    enum Content {
        /// Without quotes a text may be read as a number, a truth or nothing.
        case scalar(String, isPlain: Bool)
        case list([Tree])
        case map([Entry])
    }

    struct Entry {
        let key: String
        let line: Int
        let value: Tree
    }

    init(line: Int, _ content: Content) {
        self.line = line
        self.content = content
        let children: [Tree]
        let keys: Int
        switch content {
        case .scalar: (children, keys) = ([], 0)
        case .list(let items): (children, keys) = (items, 0)
        case .map(let entries): (children, keys) = (entries.map(\.value), entries.count)
        }
        size = children.reduce(1 + keys) { $0 + $1.size }
        height = 1 + (children.map(\.height).max() ?? 0)
    }

    /// Whether nothing is written where a value could stand.
    var isNull: Bool {
        if case .scalar(let text, isPlain: true) = content { ["", "~", "null"].contains(text) } else { false }
    }

    /// The same value, written at another line.
    func moved(to line: Int) -> Tree { Tree(line: line, content) }
}
