/// Tells a count that was missed from one that is on its way.
///
/// Two counts of the same tasks, made at slightly different moments, differ by the tasks that move in between. Such a
/// difference changes its sign or goes back to zero; one that has stayed on one side for some time did not come from
/// there, and its least size in that time is what was missed.
struct OffsetWatch: Sendable {
    /// How long a difference must have stayed, in seconds, and in how many looks.
    private static let seconds = 3.0
    private static let looks = 8
    private var count = 0
    private var least = 0
    /// When the difference that is being watched, or was just told, was first seen.
    private(set) var began: Double?

    /// Notes a difference; the answer is what was missed, once that is sure.
    mutating func note(_ difference: Int, at now: Double) -> Int? {
        guard difference != 0 else {
            count = 0
            return nil
        }
        if count == 0 || (difference > 0) != (least > 0) {
            (count, least, began) = (1, difference, now)
            return nil
        }
        count += 1
        least = difference > 0 ? min(least, difference) : max(least, difference)
        guard count >= Self.looks, let began, now - began >= Self.seconds else { return nil }
        count = 0
        return least
    }
}
