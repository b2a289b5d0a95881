package import SojournCore
import Synchronization

/// A stream of chance that a seed determines. Everybody who decides by chance has a stream of its own, so that one
/// draw more here changes nothing there.
package final class Dice: Sendable {
    private let state: Mutex<UInt64>

    /// The stream number `salt` of a seed.
    package init(seed: UInt64, salt: UInt64) {
        state = Mutex((seed &+ 1) &* 0xD129_0CA5_5B4F_2D5B ^ (salt &+ 1) &* 0x9FB2_1C65_1E98_DF25)
        for _ in 0..<2 { _ = next() }
    }

    /// The next 64 bits (SplitMix64: Steele, Lea and Flood, 2014).
    package func next() -> UInt64 {
        state.withLock { state in
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    /// A number from 0 to below `bound`.
    package func number(below bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }

    /// A number of the range.
    package func number(in range: ClosedRange<Int>) -> Int { range.lowerBound + number(below: range.count) }

    /// Whether something happens that happens so often in a million.
    package func happens(perMillion: Int) -> Bool { perMillion > 0 && number(below: 1_000_000) < perMillion }

    /// Whether something happens that happens so often in a hundred.
    package func happens(percent: Int) -> Bool { happens(perMillion: percent * 10_000) }

    /// A span of so many milliseconds, to the microsecond.
    package func span(milliseconds range: ClosedRange<Int>) -> Duration {
        .microseconds(number(in: range.lowerBound * 1_000...range.upperBound * 1_000))
    }

    /// One of them.
    package func pick<Element>(_ elements: [Element]) -> Element { elements[number(below: elements.count)] }

    /// What the product draws from.
    package var chance: Chance { Chance { self.next() } }
}

/// The same as a generator.
struct DiceGenerator: RandomNumberGenerator, Sendable {
    let dice: Dice

    func next() -> UInt64 { dice.next() }
}
