extension Settings {
    /// Every setting as Markdown: one table for each group of the file.
    public static func reference() -> String {
        var groups: [(name: String, rows: [String])] = []
        for setting in Setting.all {
            let group = setting.path.first?.literal ?? ""
            if groups.last?.name != group { groups.append((group, [])) }
            groups[groups.count - 1].rows.append(setting.row)
        }
        return groups.map { group in
            """
            ### `\(group.name)`

            | setting | environment | flag | value | default | meaning |
            | --- | --- | --- | --- | --- | --- |
            \(group.rows.joined(separator: "\n"))

            """
        }.joined(separator: "\n") + "\n" + Setting.NameRule.allCases.map(\.row).joined(separator: "\n") + "\n"
    }
}

extension Setting {
    fileprivate var row: String {
        let cells = [
            code(name), code(variable), code(flag.map { "--\($0)" }), form.expectation,
            isRequired ? "required" : code(preset), summary,
        ]
        return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }

    private func code(_ text: String?) -> String { text.map { "`\($0)`" } ?? "–" }
}

extension Setting.NameRule {
    fileprivate var row: String { "- `\(rawValue)`: \(rule.expectation.replacing("`", with: "\\`"))" }
}
