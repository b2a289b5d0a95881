import Testing

/// How long things may be. The numbers only ever go down.
enum Size {
    static let file = 400
    static let function = 60
    static let line = 120

    static func applies(to file: SourceFile) -> Bool {
        let ours = ["Sources/", "Tests/", "Examples/", "Snippets/"].contains { file.path.hasPrefix($0) }
        return file.isSwift && (ours || file.path == "Package.swift")
    }
}

struct FileLengthRule: Rule {
    let habit = "files are at most \(Size.file) lines"

    func violations(in file: SourceFile) -> [Violation] {
        guard Size.applies(to: file), file.lines.count > Size.file else { return [] }
        return [file.violation(Size.file + 1, "\(file.lines.count) lines; a file has at most \(Size.file)")]
    }
}

struct LineLengthRule: Rule {
    let habit = "lines are at most \(Size.line) characters"

    func violations(in file: SourceFile) -> [Violation] {
        guard Size.applies(to: file) else { return [] }
        return file.lines.enumerated().filter { $0.element.count > Size.line }.map { index, line in
            file.violation(index + 1, "\(line.count) characters; a line has at most \(Size.line)")
        }
    }
}

struct FunctionLengthRule: Rule {
    let habit = "function bodies are at most \(Size.function) lines"

    func violations(in file: SourceFile) -> [Violation] {
        guard Size.applies(to: file) else { return [] }
        return FunctionBodies.all(in: file).filter { $0.length > Size.function }.map { body in
            file.violation(body.line, "a body of \(body.length) lines; a function has at most \(Size.function)")
        }
    }
}

@Suite("Sizes") struct SizeRuleTests {
    private func lines(_ count: Int) -> String { String(repeating: "    a()\n", count: count) }

    @Test(arguments: ["Sources/Core/C/A.swift", "Tests/T/A.swift", "Examples/e/A.swift", "Package.swift"])
    func filesAreShort(path: String) {
        #expect(FileLengthRule().violations(in: path, lines(400)) == [])
        #expect(FileLengthRule().violations(in: path, lines(401)).map(\.line) == [401])
    }

    @Test func onlySwiftIsMeasured() {
        #expect(FileLengthRule().violations(in: "Sources/Core/C/page.html", lines(401)) == [])
    }

    @Test func linesAreShort() {
        let line = String(repeating: "ü", count: 120)
        #expect(LineLengthRule().violations(in: "Tests/T/A.swift", line) == [])
        #expect(LineLengthRule().violations(in: "Tests/T/A.swift", "\n\(line)ü\n").map(\.line) == [2])
    }

    @Test(arguments: [
        "func a() {\n#\n}",
        "    static func a<T: P>(\n        b: T = { 1 }(), c: [Int]\n    ) async throws(E) -> T\n    where T: Q {\n#}",
        "init?(a: Int) {\n#}",
        "subscript(a: Int) -> Int {\n#}",
        "var a: Int {\n#}",
        "deinit {\n#}",
        "/// }\nfunc a() { // }\n#\n}",
    ])
    func functionsAreShort(shape: String) {
        let rule = FunctionLengthRule()
        let path = "Sources/Core/C/A.swift"
        #expect(rule.violations(in: path, shape.replacing("#", with: lines(59))) == [])
        #expect(rule.violations(in: path, shape.replacing("#", with: lines(61))).count == 1)
    }

    @Test func aTypeMayBeLongerThanAFunction() {
        let requirements = String(repeating: "    func a() -> Int\n    var b: Int { get }\n", count: 40)
        let calls = String(repeating: "    let a = B.init()\n", count: 70)
        #expect(FunctionLengthRule().violations(in: "Sources/Core/C/A.swift", "protocol P {\n\(requirements)}") == [])
        #expect(FunctionLengthRule().violations(in: "Sources/Core/C/A.swift", "struct S {\n\(calls)}") == [])
    }
}
