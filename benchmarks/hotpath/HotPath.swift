import Dispatch

/// `HotPath CASE COUNT`: does one thing that happens to every task, so often, and nothing else.
///
/// Under an instrument that counts instructions, twice with different counts, the difference is what one task costs:
/// unlike time it is the same on a busy machine. `scripts/hotpath` does that and compares with `instructions.txt`.
@main
enum HotPath {
    static func main() {
        let words = CommandLine.arguments.dropFirst()
        if words.isEmpty { return Case.allCases.forEach { print($0.rawValue) } }
        guard words.count == 2, let chosen = words.first.flatMap(Case.init(rawValue:)),
            let count = words.last.flatMap({ Int($0) }), (1...10_000_000).contains(count)
        else { fatalError("usage: HotPath CASE COUNT, where CASE is one of those that HotPath lists") }
        // An asynchronous main gives up the main thread, which Valgrind does not survive.
        let done = DispatchSemaphore(value: 0)
        Task.detached {
            do { try await chosen.run(count) } catch { fatalError("\(error)") }
            done.signal()
        }
        done.wait()
    }
}
