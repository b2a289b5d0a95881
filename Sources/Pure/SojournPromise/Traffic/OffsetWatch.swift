/// Tells a count that was missed from one that is on its way.
///
/// Two counts of the same tasks, made at slightly different moments, differ by the tasks that move in between. So each
/// look gives only what must be missing at least, in either direction; a difference that is seen in most of the looks
/// of some seconds did not come from tasks on their way.
struct OffsetWatch: Sendable {
    /// Looks that are kept, and how many of them must agree. A look is made every quarter of a second.
    private static let kept = 16
    private static let agreeing = 8
    private var looks: [(offset: Int, at: Double)] = []
    /// When the difference that was told last was first seen.
    private(set) var began: Double?

    /// Notes that at least `offset` tasks were missed; where negative, counted in vain. The answer is how many, once
    /// that is sure.
    mutating func note(_ offset: Int, at now: Double) -> Int? {
        looks.append((offset, now))
        if looks.count > Self.kept { looks.removeFirst() }
        guard offset != 0 else { return nil }
        let alike = looks.filter { ($0.offset > 0) == (offset > 0) && $0.offset != 0 }
        guard alike.count >= Self.agreeing else { return nil }
        began = alike.first?.at
        looks = []
        return alike.map(\.offset).min { $0.magnitude < $1.magnitude }
    }
}
