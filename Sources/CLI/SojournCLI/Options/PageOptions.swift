import ArgumentParser
import SojournModel

/// Which part of a long list.
struct PageOptions: ParsableArguments {
    @Option(help: "Tasks on the page, 1 to \(Limits.page).")
    var limit = 50

    @Option(help: "Where the page begins: what the page before it said.")
    var cursor: String?

    func validate() throws {
        guard (1...Limits.page).contains(limit) else {
            throw ValidationError("--limit must be 1 to \(Limits.page), but is \(limit).")
        }
    }
}
