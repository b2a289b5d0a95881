import Testing

/// A target imports only what stands below its layer, and only the libraries that are its own business.
struct ImportRule: Rule {
    let habit = "imports point downward"

    /// The layer of each target of this package.
    let layerOf: [String: String]

    func violations(in file: SourceFile) -> [Violation] {
        guard file.isSwift, let home = file.home else { return [] }
        return file.code.enumerated().compactMap { index, line in
            guard let module = ImportRule.module(importedBy: line) else { return nil }
            return complaint(about: module, in: home).map { file.violation(index + 1, $0) }
        }
    }

    private func complaint(about module: String, in home: (layer: String, target: String)) -> String? {
        let asked = "\(home.target) (\(home.layer)) may not import \(module)"
        if let outside = Layers.outside.first(where: { $0.modules.contains(module) }) {
            let allowed = outside.users.contains(home.layer) || outside.users.contains(home.target)
            return allowed ? nil : "\(asked): it belongs to \(list(outside.users))"
        }
        guard let layer = Layers.all.first(where: { $0.name == home.layer }) else {
            return "\(home.layer) is not a layer; the layers are in Layers.swift"
        }
        guard let below = layerOf[module] else {
            return "\(asked): no line of Layers.swift says which targets use it"
        }
        let allowed = !Set(layer.imports).isDisjoint(with: ["*", below, module])
        return allowed ? nil : "\(asked) (\(below)): \(layer.why); it may import \(list(layer.imports))"
    }

    private func list(_ names: [String]) -> String {
        names.isEmpty ? "nothing" : names.joined(separator: ", ")
    }

    /// `Foundation` for `public import struct Foundation.Date`; nil where the line imports nothing.
    private static func module(importedBy line: String) -> String? {
        guard line.contains("import") else { return nil }
        let words = Declaration(line).words
        guard let keyword = words.firstIndex(of: "import"), keyword <= 1 else { return nil }
        let kinds: Set = ["struct", "class", "enum", "protocol", "typealias", "func", "var", "let"]
        let name = words.dropFirst(keyword + 1).first { !kinds.contains($0) }
        return name.map { String($0.prefix { $0 != "." }) }
    }
}

@Suite("Imports") struct ImportRuleTests {
    let rule = ImportRule(layerOf: [
        "SojournModel": "Pure", "SojournCore": "Core", "SojournWire": "Core", "SojournWorker": "Roles",
        "SojournServer": "Roles", "SojournMemory": "Backends", "SojournSQLite": "Backends", "SojournHTTP": "Surfaces",
        "SojournCLI": "CLI", "Sojourn": "Product", "RESP": "Backends",
    ])

    @Test(arguments: [
        ("Core/SojournCore", "public import SojournModel"),
        ("Core/SojournWire", "import SojournCore"),
        ("Roles/SojournHandlers", "import SojournWire"),
        ("Roles/SojournWorker", "internal import struct Foundation.Date"),
        ("Backends/SojournSQLite", "import GRDB"),
        ("Backends/SojournRedis", "import RESP"),
        ("Surfaces/SojournHTTP", "import Hummingbird"),
        ("Tools/SojournBench", "import SojournSQLite"),
        ("CLI/SojournCLI", "import SojournHTTP"),
        ("Product/Sojourn", "@_exported public import SojournWorker"),
        ("Pure/SojournModel", "// import Foundation"),
        ("Pure/SojournModel", "let important = imports"),
        ("Pure/Queueing", "import Glibc"),
    ])
    func allows(home: String, line: String) {
        #expect(rule.violations(in: "Sources/\(home)/A.swift", line) == [])
    }

    @Test(arguments: [
        ("Pure/SojournModel", "import Foundation"),
        ("Pure/SojournModel", "import SojournCore"),
        ("Core/SojournCore", "import GRDB"),
        ("Core/SojournCore", "import SojournWorker"),
        ("Roles/SojournWorker", "import SojournMemory"),
        ("Roles/SojournWorker", "import SojournServer"),
        ("Backends/SojournMemory", "import SojournSQLite"),
        ("Backends/SojournMemory", "import RESP"),
        ("Backends/SojournSQLite", "public import SojournServer"),
        ("Surfaces/SojournHTTP", "import SojournServer"),
        ("Surfaces/SojournHTTP", "@preconcurrency import AsyncHTTPClient"),
        ("Product/Sojourn", "import SojournServer"),
        ("Testing/SojournConformance", "import SojournMemory"),
        ("CLI/SojournCLI", "import Alamofire"),
        ("Attic/SojournOld", "import SojournModel"),
    ])
    func refuses(home: String, line: String) {
        #expect(rule.violations(in: "Sources/\(home)/A.swift", "\n" + line).map(\.line) == [2])
    }

    @Test func saysWhatIsAllowed() {
        let message = rule.violations(in: "Sources/Roles/SojournWorker/A.swift", "import SojournMemory")[0].message
        let expected = """
            SojournWorker (Roles) may not import SojournMemory (Backends): \
            a role sees a backend only through a seam; it may import Pure, Core
            """
        #expect(message == expected)
    }
}
