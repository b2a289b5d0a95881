import Testing

/// Every public declaration, and every requirement of a public protocol, says in `///` what it means.
struct DocumentationRule: Rule {
    let habit = "public declarations are documented"

    func violations(in file: SourceFile) -> [Violation] {
        guard file.isSource else { return [] }
        var depth = 0
        /// How deep the requirements of the public protocol stand in which we are.
        var requirements: Int?
        return file.code.indices.compactMap { index in
            let line = file.code[index]
            defer {
                depth += line.count { $0 == "{" } - line.count { $0 == "}" }
                if let inside = requirements, depth < inside, line.contains("}") { requirements = nil }
            }
            guard let head = Declaration(line).head, head.keyword != "import" else { return nil }
            let isPublic = head.modifiers.contains("public") || head.modifiers.contains("open")
            let isRequirement = depth == requirements
            if isPublic, head.keyword == "protocol" { requirements = depth + 1 }
            guard isPublic || isRequirement, !isDocumented(index, in: file) else { return nil }
            return file.violation(index + 1, "say in `///` what this public declaration means: \(line.trimmed)")
        }
    }

    private func isDocumented(_ index: Int, in file: SourceFile) -> Bool {
        let above = file.lines[..<index].last { !$0.trimmed.hasPrefix("@") }
        return above?.trimmed.hasPrefix("///") == true
    }
}

@Suite("Documentation") struct DocumentationRuleTests {
    let rule = DocumentationRule()

    @Test(arguments: [
        "/// A.\npublic struct A {}",
        "/// A.\n@available(macOS 15, *)\n@frozen public enum A {}",
        "public import A\n@_exported public import B",
        "extension A {\n    /// B.\n    public static func b() {}\n}",
        "/// P.\npublic protocol P: Q {\n    /// A.\n    var a: Int { get }\n}\nfunc b() {}",
        "/// P.\npublic protocol P {}\nstruct A {\n    var b: Int\n}",
        "protocol P {\n    var a: Int { get }\n}",
        "struct A {\n    let b = \"public func\"\n    // public var c\n}",
        "/// V.\npublic private(set) var a = 1",
        "let publicKey = 1",
    ])
    func allows(text: String) {
        #expect(rule.violations(in: "Sources/Core/C/A.swift", text) == [])
    }

    @Test(arguments: [
        ("public struct A {}", 1),
        ("/// A.\n\npublic struct A {}", 3),
        ("// A.\npublic final class A {}", 2),
        ("@discardableResult\npublic func a() -> Int { 1 }", 2),
        ("@MainActor(unsafe) static public func a() {}", 1),
        ("extension A {\n    public init?(a: Int) {}\n}", 2),
        ("extension A {\n    public subscript(a: Int) -> Int { 1 }\n}", 2),
        ("/// P.\npublic protocol P<A>\nwhere A: Q {\n    associatedtype A\n}", 4),
        ("/// P.\npublic protocol P {\n    /// A.\n    var a: Int { get }\n    func b() async\n}", 5),
        ("public private(set) var a = 1", 1),
    ])
    func refuses(text: String, line: Int) {
        #expect(rule.violations(in: "Sources/Core/C/A.swift", text).map(\.line) == [line])
    }
}
