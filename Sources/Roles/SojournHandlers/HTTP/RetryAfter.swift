#if HTTP
import SojournModel
import SojournWire

/// The `Retry-After` header: how long a server asks to be left alone (RFC 9110, section 10.2.3).
enum RetryAfter {
    /// A server may put a task off, but not for ever.
    static let longest: Duration = .seconds(86_400)

    /// The time to wait from `now`, zero to ``longest``; nil where the header is neither seconds nor a date.
    static func parse(_ text: String, now: Timestamp) -> Duration? {
        let text = text.drop { $0 == " " }
        if !text.isEmpty, text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) {
            // More digits than fit are a long time, too.
            return .seconds(min(Int64(text) ?? .max, longest.components.seconds))
        }
        return instant(text, now: now)?.duration(since: now).clamped(to: .zero...longest)
    }

    /// A date in the form of today, `Sun, 06 Nov 1994 08:49:37 GMT`, or the two that servers used before:
    /// `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`.
    private static func instant(_ text: Substring, now: Timestamp) -> Timestamp? {
        let parts = text.split { $0 == " " || $0 == "," || $0 == "-" }
        guard parts.count == 6 && parts[5] == "GMT" || parts.count == 5 else { return nil }
        let (day, month, year, time) =
            parts.count == 6 ? (parts[1], parts[2], parts[3], parts[4]) : (parts[2], parts[1], parts[4], parts[3])
        guard let monthIndex = months.firstIndex(of: month) else { return nil }
        let date = "\(fullYear(year, now: now))-\(twoDigits(monthIndex + 1))-\(day.count == 1 ? "0" : "")\(day)"
        return RFC3339.parse("\(date)T\(time)Z").map(Timestamp.init(microseconds:))
    }

    private static let months: [Substring] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// A year of two digits is the latest one that lies at most fifty years ahead.
    private static func fullYear(_ year: Substring, now: Timestamp) -> Substring {
        guard year.count == 2, let short = Int(year), short >= 0,
            let thisYear = Int(RFC3339.format(microseconds: now.microseconds).prefix(4))
        else { return year }
        let latest = thisYear + 50
        return "\(latest - (latest - short) % 100)"
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
#endif
