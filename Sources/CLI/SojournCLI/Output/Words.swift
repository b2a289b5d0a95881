import SojournModel
import SojournTerminal

/// How times and numbers look in tables.
enum Words {
    /// What stands where nothing is known.
    static let none = Numerals.none

    /// `350 ms`, `1.2 s`, `5.0 min`, `2.5 h`, `3.1 d`.
    static func duration(_ duration: Duration?) -> String {
        guard let seconds = duration?.inSeconds else { return none }
        switch abs(seconds) {
        case ..<0.9995: return "\(Int((seconds * 1_000).rounded())) ms"
        case ..<120: return "\(fixed(seconds, 1)) s"
        case ..<7_200: return "\(fixed(seconds / 60, 1)) min"
        case ..<172_800: return "\(fixed(seconds / 3_600, 1)) h"
        default: return "\(fixed(seconds / 86_400, 1)) d"
        }
    }

    /// `2026-11-21T04:31:00Z`.
    static func instant(_ instant: Timestamp?) -> String? {
        instant.map(Numerals.instant)
    }

    /// `99.2 %`.
    static func share(_ share: Double?) -> String { share.map { "\(fixed($0 * 100, 1)) %" } ?? none }

    /// `1 dead letter`, `2 dead letters`.
    static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    /// A number, or that it is not known.
    static func count(_ count: Int?) -> String { count.map(String.init) ?? none }

    /// `number` with so many digits after the point; finite numbers of everyday size.
    static func fixed(_ number: Double, _ digits: Int) -> String { Numerals.fixed(number, digits) }
}
