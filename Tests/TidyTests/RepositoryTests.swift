import Testing

/// Every rule over every file of this repository.
@Suite("The repository keeps its habits") struct RepositoryTests {
    static let rules: [any Rule] = [
        ImportRule(
            layerOf: Dictionary(
                uniqueKeysWithValues: ((try? Repository.here.get().homes) ?? []).map { ($0.target, $0.layer) })),
        TraitRule(),
        FileLengthRule(),
        FunctionLengthRule(),
        LineLengthRule(),
        BanRule(bans: Ban.all),
        DocumentationRule(),
        FolderNameRule(),
        EmptyFileRule(),
        TestFileRule(),
        MachinePathRule(),
    ]

    @Test(arguments: RepositoryTests.rules)
    func keeps(rule: any Rule) throws {
        for file in try Repository.here.get().files {
            for violation in rule.violations(in: file) { Issue.record("\(violation)") }
        }
    }

    @Test func theWholeRepositoryIsRead() throws {
        let paths = Set(try Repository.here.get().files.map(\.path))
        let some = ["Package.swift", "Makefile", ".ci/run", "Tests/TidyTests/RepositoryTests.swift"]
        #expect(some.filter { !paths.contains($0) } == [])
        #expect(paths.filter { $0.hasPrefix(".build") || $0.hasPrefix(".git/") } == [])
    }
}
