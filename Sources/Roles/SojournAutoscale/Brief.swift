/// Numbers in sentences.
enum Brief {
    /// `350 ms`, `1.2 s`, `5 min`.
    static func seconds(_ seconds: Double) -> String {
        switch seconds {
        case ..<0.9995: "\(whole(seconds * 1_000)) ms"
        case ..<10: "\(trimmed(Double(whole(seconds * 10)) / 10)) s"
        case ..<120: "\(whole(seconds)) s"
        default: "\(whole(seconds / 60)) min"
        }
    }

    private static func trimmed(_ number: Double) -> String {
        let text = "\(number)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    private static func whole(_ number: Double) -> Int { Int(exactly: number.rounded()) ?? Int.max }
}
