package import SojournModel
import SojournWire

/// How numbers, times and shares look in a frame: short, and always with their unit.
package enum Numerals {
    /// What stands where nothing is known.
    package static let none = "–"

    /// `350 ms`, `1.2 s`, `5.0 min`, `2.5 h`, `3.1 d`.
    static func duration(_ duration: Duration?) -> String {
        guard let seconds = duration?.inSeconds else { return none }
        switch abs(seconds) {
        case ..<0.9995: return "\(Int((seconds * 1_000).rounded())) ms"
        case ..<99.95: return "\(fixed(seconds, 1)) s"
        case ..<5_970: return "\(fixed(seconds / 60, 1)) min"
        case ..<172_800: return "\(fixed(seconds / 3_600, 1)) h"
        default: return "\(fixed(seconds / 86_400, 1)) d"
        }
    }

    /// A duration that somebody chose: `2 s` rather than `2.0 s`.
    static func configured(_ duration: Duration?) -> String {
        let parts = self.duration(duration).split(separator: " ", maxSplits: 1).map(String.init)
        return ([trimmed(parts[0])] + parts.dropFirst()).joined(separator: " ")
    }

    /// An age in whole units: `4 s`, `12 min`.
    static func age(_ duration: Duration) -> String {
        let seconds = max(0, whole(duration.inSeconds.rounded(.down)))
        switch seconds {
        case ..<100: return "\(seconds) s"
        case ..<6_000: return "\(seconds / 60) min"
        case ..<172_800: return "\(seconds / 3_600) h"
        default: return "\(seconds / 86_400) d"
        }
    }

    /// `99.2 %`; never rounded up to a whole 100.
    static func share(_ share: Double?) -> String {
        guard let share, share.isFinite else { return none }
        switch share {
        case 1...: return "\(count(whole(share * 100))) %"
        case 0.9995..<1: return "99.9 %"
        default: return "\(fixed(share * 100, 1)) %"
        }
    }

    /// `0.4`, `12.5`, `157`, `12.3k`.
    static func rate(_ rate: Double?) -> String {
        guard let rate, rate.isFinite else { return none }
        switch abs(rate) {
        case ..<0.05: return "0"
        case ..<99.95: return trimmed(fixed(rate, 1))
        default: return count(whole(rate))
        }
    }

    /// `950`, `12,345`, `1.2M`.
    static func count(_ count: Int?) -> String {
        guard let count else { return none }
        switch count.magnitude {
        case ..<10_000: return "\(count)"
        case ..<1_000_000: return "\(trimmed(fixed(Double(count) / 1e3, 1)))k"
        case ..<1_000_000_000: return "\(trimmed(fixed(Double(count) / 1e6, 1)))M"
        default: return "\(trimmed(fixed(Double(count) / 1e9, 1)))G"
        }
    }

    /// `1 task`, `2 tasks`.
    static func counted(_ count: Int, _ noun: String) -> String {
        "\(self.count(count)) \(noun)\(count == 1 ? "" : "s")"
    }

    /// `number` with so many digits after the point.
    package static func fixed(_ number: Double, _ digits: Int) -> String {
        var unit = 1
        for _ in 0..<digits { unit *= 10 }
        guard let scaled = Int(exactly: (number * Double(unit)).rounded()) else { return "\(number)" }
        let (whole, part) = scaled.magnitude.quotientAndRemainder(dividingBy: UInt(unit))
        guard digits > 0 else { return "\(scaled)" }
        let zeros = String(repeating: "0", count: digits - String(part).count)
        return "\(scaled < 0 ? "-" : "")\(whole).\(zeros)\(part)"
    }

    /// The nearest whole number, of any number at all.
    static func whole(_ number: Double) -> Int { number.isNaN ? 0 : Int(min(max(number, -1e15), 1e15).rounded()) }

    /// `17:26:32`.
    static func clock(_ instant: Timestamp) -> String {
        String(RFC3339.format(microseconds: instant.microseconds).dropFirst(11).prefix(8))
    }

    /// `2026-11-28T17:26:32Z`.
    package static func instant(_ instant: Timestamp) -> String {
        RFC3339.format(microseconds: instant.microseconds).prefix(19) + "Z"
    }

    private static func trimmed(_ number: String) -> String {
        number.hasSuffix(".0") ? String(number.dropLast(2)) : number
    }
}
