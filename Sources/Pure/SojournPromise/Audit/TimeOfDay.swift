internal import SojournModel

/// The time of day in UTC, for sentences that people read.
enum TimeOfDay {
    /// For example `12:03:10Z`. Days and fractions of a second are left out.
    static func utc(_ instant: Timestamp) -> String {
        let secondsPerDay: Int64 = 86_400
        // Rounded down, so that instants before 1970 have a time of day as well.
        let (quotient, rest) = instant.microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        let seconds = rest < 0 ? quotient - 1 : quotient
        let ofDay = (seconds % secondsPerDay + secondsPerDay) % secondsPerDay
        return "\(pair(ofDay / 3600)):\(pair(ofDay / 60 % 60)):\(pair(ofDay % 60))Z"
    }

    private static func pair(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
