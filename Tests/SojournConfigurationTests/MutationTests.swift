import SojournConfiguration
import Testing

/// Random damage to a valid file: whatever comes out is either accepted or refused in plain sentences.
@Suite struct MutationTests {
    struct SplitMix64: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    static let insertions: [String] = [
        "\n", " ", "  ", "\t", ":", ": ", "- ", "? ", "*", "*x", "&x ", "<<: ", "!", "!!str ", "%", "|", ">", "{", "}",
        "[",
        "]", ",", "\"", "'", "#", "~", "null", "0", "-1", "1e999", "99999999999999999999", "nan", ".inf", "\\", "\u{0}",
        "\u{1b}", "\u{FEFF}", "\u{E000}", "ü", "\u{1F600}", "\r\n", "---\n", "...\n", "\u{2028}", "@", "`",
    ]

    static func mutate(_ text: String, using random: inout SplitMix64) -> String {
        var scalars = Array(text.unicodeScalars)
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let start = Int.random(in: 0...scalars.count, using: &random)
            let range = start..<min(scalars.count, start + Int.random(in: 0...12, using: &random))
            let insertion = (insertions.randomElement(using: &random) ?? "").unicodeScalars
            switch Int.random(in: 0..<4, using: &random) {
            case 0: scalars.removeSubrange(range)
            case 1: scalars.replaceSubrange(range, with: insertion)
            case 2: scalars.insert(contentsOf: insertion, at: start)
            default:
                let target = Int.random(in: 0...scalars.count, using: &random)
                scalars.insert(contentsOf: scalars[range], at: target)
            }
        }
        return String(String.UnicodeScalarView(scalars))
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func damageIsRefusedInPlainSentences(seed: UInt64) {
        var random = SplitMix64(state: seed)
        var refused = 0
        for _ in 0..<1_000 {
            let yaml = Self.mutate(fullYAML, using: &random)
            let lines = 1 + yaml.unicodeScalars.count { ["\n", "\r", "\u{2028}"].contains($0) }
            let found = problems(yaml, environment: ["SOJOURN_MAIL_SECRET": "x"])
            refused += found.isEmpty ? 0 : 1
            for problem in found {
                let parts = problem.split(separator: ":", maxSplits: 2)
                let line = parts.count == 3 && parts[0] == "sojourn.yaml" ? Int(parts[1]) : nil
                #expect(
                    line.map { (1...lines).contains($0) } ?? problem.hasPrefix("SOJOURN_MAIL_"), "\(problem)\n\(yaml)")
                #expect(!problem.unicodeScalars.contains { $0.value < 0x20 } && problem.utf8.count < 600, "\(problem)")
            }
        }
        // Most damage is noticed; a comment, a longer name or another digit may pass.
        #expect((300..<1_000).contains(refused))
    }
}
