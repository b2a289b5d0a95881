import Foundation

enum Patience {
    /// Looks every 20 ms, `tries` times; false if it did not come true. It blocks its thread.
    static func wait(tries: Int, until isTrue: () -> Bool) -> Bool {
        for _ in 0..<tries {
            if isTrue() { return true }
            Thread.sleep(forTimeInterval: 0.02)
        }
        return isTrue()
    }
}
