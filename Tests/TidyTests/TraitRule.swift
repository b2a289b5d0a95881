import Testing

/// A target behind a package trait is compiled even when the trait is off, so each of its files is wrapped whole.
struct TraitRule: Rule {
    let habit = "files behind a trait are wrapped whole in #if"

    func violations(in file: SourceFile) -> [Violation] {
        guard file.isSwift, let home = file.home, let trait = Layers.traits[home.target] else { return [] }
        let lines = file.code.enumerated().map { ($0.offset + 1, $0.element.trimmed) }.filter { !$0.1.isEmpty }
        guard let first = lines.first, first.1 == "#if \(trait)" else {
            return [file.violation(lines.first?.0 ?? 1, "the code must begin with `#if \(trait)`")]
        }
        var depth = 0
        for (number, line) in lines {
            if line.hasPrefix("#if") { depth += 1 }
            if line.hasPrefix("#endif") { depth -= 1 }
            if line.hasPrefix("#else"), depth == 1 {
                return [file.violation(number, "`#else` of `#if \(trait)`: without the trait the file must be empty")]
            }
            if depth == 0, number != lines.last?.0 {
                return [file.violation(number, "`#if \(trait)` must reach to the end of the file")]
            }
        }
        return depth == 0 ? [] : [file.violation(lines.last?.0 ?? 1, "`#if \(trait)` has no `#endif`")]
    }
}

@Suite("Traits") struct TraitRuleTests {
    let rule = TraitRule()

    @Test(arguments: [
        "#if SQLite\nimport GRDB\n#endif\n",
        "// why\n\n#if SQLite\n#if os(Linux)\nimport A\n#else\nimport B\n#endif\n#endif\n\n// the end",
    ])
    func allows(text: String) {
        #expect(rule.violations(in: "Sources/Backends/SojournSQLite/A.swift", text) == [])
        #expect(rule.violations(in: "Sources/Backends/SojournMemory/A.swift", "import B") == [])
    }

    @Test(arguments: [
        ("import GRDB", 1),
        ("#if HTTP\nimport GRDB\n#endif", 1),
        ("import A\n#if SQLite\n#endif", 1),
        ("#if SQLite\n#endif\nimport A", 2),
        ("#if SQLite\nimport A\n#else\nimport B\n#endif", 3),
        ("#if SQLite\nimport A", 2),
    ])
    func refuses(text: String, line: Int) {
        #expect(rule.violations(in: "Sources/Backends/SojournSQLite/A.swift", text).map(\.line) == [line])
    }
}
