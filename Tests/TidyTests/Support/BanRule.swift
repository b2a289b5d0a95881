import Foundation

/// Sources keep off everything in the table of `Bans.swift`.
struct BanRule: Rule {
    let habit = "nothing banned is used"
    let bans: [Ban]

    func violations(in file: SourceFile) -> [Violation] {
        guard file.isSource else { return [] }
        return bans.flatMap { violations(of: $0, in: file) }.sorted { $0.line < $1.line }
    }

    private func violations(of ban: Ban, in file: SourceFile) -> [Violation] {
        guard matches(file.path, ban.within), !matches(file.path, ban.allowed) else { return [] }
        guard let expression = try? NSRegularExpression(pattern: ban.pattern) else {
            return [file.violation(1, "the ban's pattern \(ban.pattern) is not a regular expression")]
        }
        let lines = ban.comments ? file.lines : file.code
        return lines.enumerated().compactMap { index, line in
            let range = NSRange(line.startIndex..., in: line)
            guard let match = expression.firstMatch(in: line, range: range) else { return nil }
            let found = Range(match.range, in: line).map { String(line[$0]) } ?? ""
            return file.violation(index + 1, "`\(found.trimmed)`: \(ban.why)")
        }
    }

    private func matches(_ path: String, _ places: [String]) -> Bool {
        places.contains { $0.hasPrefix("/") ? path.contains($0) : path.hasPrefix($0) }
    }
}
