import Testing

/// A folder is named after what is in it, not after its age or its lack of a better name.
struct FolderNameRule: Rule {
    let habit = "folders are named by concept"

    static let banned: Set = ["utils", "util", "helpers", "helper", "new", "old", "deprecated", "misc", "common"]

    func violations(in file: SourceFile) -> [Violation] {
        guard file.path.hasPrefix("Sources/") || file.path.hasPrefix("Tests/") else { return [] }
        return file.folders.filter { FolderNameRule.banned.contains($0.lowercased()) }.map { folder in
            file.violation(1, "the folder \(folder) says nothing about what is in it")
        }
    }
}

/// An empty file is a forgotten one.
struct EmptyFileRule: Rule {
    let habit = "no file is empty"

    func violations(in file: SourceFile) -> [Violation] {
        let isEmpty = file.code.allSatisfy { $0.trimmed.isEmpty }
        return isEmpty ? [file.violation(1, file.isSwift ? "there is no code in this file" : "this file is empty")] : []
    }
}

/// A file among the tests that tests nothing stands in `Support` (code for tests) or `Fixtures` (data for tests).
struct TestFileRule: Rule {
    let habit = "test files hold tests"

    func violations(in file: SourceFile) -> [Violation] {
        guard file.isSwift, file.path.hasPrefix("Tests/") else { return [] }
        guard Set(file.folders).isDisjoint(with: ["Support", "Fixtures"]) else { return [] }
        // `@Tests` or a mention in a string is no test; `@Test(` and `@Test` are.
        let hasTest = file.code.contains { line in
            line.ranges(of: "@Test").contains { line[$0.upperBound...].first.map { !$0.isLetter } ?? true }
        }
        return hasTest ? [] : [file.violation(1, "no @Test here; code that supports tests stands in a folder Support")]
    }
}

@Suite("Folders and files") struct FolderRuleTests {
    @Test func foldersAreNamedByConcept() {
        let rule = FolderNameRule()
        #expect(rule.violations(in: "Sources/Core/SojournCore/Time/Common.swift", "") == [])
        #expect(rule.violations(in: "Sources/Core/SojournCore/Utils/A.swift", "").count == 1)
        #expect(rule.violations(in: "Tests/SojournCoreTests/Helpers/A.swift", "").count == 1)
    }

    @Test func noFileIsEmpty() {
        let rule = EmptyFileRule()
        #expect(rule.violations(in: "docs/a.md", "a") == [])
        #expect(rule.violations(in: "docs/a.md", "\n").count == 1)
        #expect(rule.violations(in: "Sources/Core/C/A.swift", "// soon").count == 1)
    }

    @Test func testFilesHoldTests() {
        let rule = TestFileRule()
        #expect(rule.violations(in: "Tests/T/ATests.swift", "@Test func a() {}") == [])
        #expect(rule.violations(in: "Tests/T/ATests.swift", "@Test") == [])
        #expect(rule.violations(in: "Tests/T/Support/A.swift", "struct A {}") == [])
        #expect(rule.violations(in: "Tests/T/ATests.swift", "let a = \"@Test\"").count == 1)
        #expect(rule.violations(in: "Tests/T/ATests.swift", "@Tests struct A {}").count == 1)
    }
}
