import Foundation
import Testing

/// A path of somebody's machine works on that machine only.
struct MachinePathRule: Rule {
    let habit = "no file names a path of one machine"

    func violations(in file: SourceFile) -> [Violation] {
        file.lines.enumerated().compactMap { index, line in
            guard line.contains("/"), let path = MachinePathRule.path(in: line) else { return nil }
            return file.violation(index + 1, "`\(path)` is a path of one machine; make it relative or a parameter")
        }
    }

    private static func path(in line: String) -> Substring? {
        // What stands before must not continue a word: `example.com/root/` and `./work/` are no paths of a machine.
        let pattern = #"(?<![\w.~*$}-])/(work/|root/|home/\w+|Users/\w+)"#
        return line.range(of: pattern, options: .regularExpression).map { line[$0] }
    }
}

@Suite("Paths of machines") struct MachinePathRuleTests {
    // Put together here, so that this file does not break the rule itself.
    @Test(arguments: ["work/main", "root/.cache", "home/ellen/sojourn", "Users/ellen"])
    func refuses(path: String) {
        let violations = MachinePathRule().violations(in: "docs/a.md", "a\nsee `/" + path + "` there\n")
        #expect(violations.map(\.line) == [2])
    }

    @Test(arguments: [
        "https://example.com/root/a", "./work/a", "$HOME/root/a", "/var/lib/sojourn", "a framework/work/b", "/homework",
    ])
    func allows(text: String) {
        #expect(MachinePathRule().violations(in: "docs/a.md", text) == [])
    }
}
