import Testing

/// A habit that one file can break. A rule is pure: it sees a path and a text, and knows nothing of the disk.
protocol Rule: Sendable, CustomTestStringConvertible {
    /// Which habit it guards, in a few words; shown by the test run.
    var habit: String { get }

    /// What `file` does wrong; empty where all is well or the rule does not apply to such a file.
    func violations(in file: SourceFile) -> [Violation]
}

extension Rule {
    var testDescription: String { habit }

    /// Shorthand for the rules' own tests.
    func violations(in path: String, _ text: String) -> [Violation] {
        violations(in: SourceFile(path: path, text: text))
    }
}
