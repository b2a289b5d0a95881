import Foundation
import Testing

/// The folders of `Sources` and `Tests` and the targets of `Package.swift` tell the same story.
struct Targets {
    /// The folders that a manifest names: `Sources/<layer>/<target>` and `Tests/<target>`.
    static func declared(in manifest: String) -> Set<String> {
        let code = manifest.split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("//") }
        let text = code.joined(separator: "\n")
        let sources = captures(#"\btarget\(\s*"(\w+)",\s*in:\s*"(\w+)""#, in: text).map { "Sources/\($0[1])/\($0[0])" }
        let tests = captures(#"\btests\(\s*"(\w+)""#, in: text).map { "Tests/\($0[0])" }
        let paths = captures(#"\bpath:\s*"((?:Sources|Tests)/[\w/]+)""#, in: text).map { $0[0] }
        return Set(sources + tests + paths)
    }

    /// The folders that stand where a target stands; a file outside all targets counts as its own folder.
    static func present(in paths: [String]) -> Set<String> {
        Set(
            paths.compactMap { path in
                let parts = path.split(separator: "/")
                let depth = parts.first == "Sources" ? 3 : parts.first == "Tests" ? 2 : 0
                return depth == 0 ? nil : parts.prefix(depth).joined(separator: "/")
            })
    }

    private static func captures(_ pattern: String, in text: String) -> [[String]] {
        guard let expression = try? NSRegularExpression(pattern: pattern) else { return [] }
        return expression.matches(in: text, range: NSRange(text.startIndex..., in: text)).map { match in
            (1..<match.numberOfRanges).compactMap { Range(match.range(at: $0), in: text).map { String(text[$0]) } }
        }
    }
}

@Suite("Targets and folders") struct TargetTests {
    @Test func agree() throws {
        let files = try Repository.here.get().files
        let manifest = try #require(files.first { $0.path == "Package.swift" })
        let declared = Targets.declared(in: manifest.text)
        let present = Targets.present(in: files.map(\.path))
        for folder in present.subtracting(declared).sorted() { Issue.record("\(folder): no target in Package.swift") }
        for folder in declared.subtracting(present).sorted() { Issue.record("\(folder): no such folder, or empty") }
    }

    @Test func readsAManifest() {
        let manifest = #"""
            .target(name: name, path: "Sources/\(layer)/\(name)")
            // target("Old", in: "Pure")
            target("A", in: "Pure"),
            target(
                "B", in: "Core", ["A"]),
            .executableTarget(name: "C", path: "Sources/CLI/C"),
            tests("ATests", []),
            """#
        let expected: Set = ["Sources/Pure/A", "Sources/Core/B", "Sources/CLI/C", "Tests/ATests"]
        #expect(Targets.declared(in: manifest) == expected)
    }

    @Test func seesFoldersAndStrayFiles() {
        let target = ["Sources/Pure/A/A.swift", "Sources/Pure/A/B/C.swift", "Tests/T/T.swift"]
        let paths = target + ["Sources/Pure/Stray.swift", "docs/a.md", "README.md"]
        #expect(Targets.present(in: paths) == ["Sources/Pure/A", "Sources/Pure/Stray.swift", "Tests/T"])
    }
}
