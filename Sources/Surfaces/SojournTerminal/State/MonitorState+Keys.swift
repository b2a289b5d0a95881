import SojournModel
import SojournWire

extension MonitorState {
    /// Longest text that a filter takes: the longest name.
    private static let filterBound = Limits.nameLength

    mutating func press(_ key: Key) -> [MonitorAction] {
        message = nil
        switch key {
        case .interrupt: return [.quit]
        case .suspend: return [.suspend]
        case .redraw: return [.redraw, .refresh]
        default: break
        }
        if question != nil { return answer(key) }
        if isFiltering { return type(key) }
        if let actions = command(key) { return actions }
        switch page {
        case .list: moveInList(key)
        case .details, .help: moveOnPage(key)
        }
        return []
    }

    /// Keys that mean the same on every page; nil for all others.
    private mutating func command(_ key: Key) -> [MonitorAction]? {
        switch key {
        case .character("q"): return [.quit]
        case .character("?"): open(page == .help ? .list : .help)
        case .character("p"): askToPause()
        case .character("r"): askToReplay()
        case .character(" "): isFrozen ? thaw() : freeze()
        case .character("/"):
            open(.list)
            isFiltering = true
        case .character("s"):
            open(.list)
            sort()
        case .escape: back()
        default: return nil
        }
        return []
    }

    private mutating func open(_ page: Page) {
        guard page != self.page else { return }
        // What the page is about stays the same, whoever becomes the worst meanwhile.
        if page == .details { selected = focus?.view.name }
        self.page = page
        top = 0
        if page == .list { list() }
    }

    private mutating func back() {
        if page != .list { return open(.list) }
        filter = ""
        selected = nil
        list()
    }

    private mutating func freeze() { isFrozen = true }

    private mutating func sort() {
        let all = Order.allCases
        let index = all.firstIndex(of: order) ?? 0
        order = all[(index + 1) % all.count]
        list()
    }

    // MARK: Questions

    private mutating func askToPause() {
        guard let view = focus?.view else { return }
        let text =
            view.isPaused
            ? "Resume \(view.name)? \(Numerals.counted(view.waiting, "waiting task")) can start again."
            : "Pause \(view.name)? Tasks are still accepted, but none is started, and the promise does not hold."
        question = Question(text: text, action: .setPaused(view.name, !view.isPaused))
    }

    private mutating func askToReplay() {
        guard let queue = focus else { return }
        let dead = queue.facts.count(.dead)
        guard dead > 0 else { return say("\(queue.view.name) has no dead letters") }
        let most = ReplayBody.most
        let subject =
            dead == 1
            ? "the dead letter"
            : dead > most
                ? "the oldest \(Numerals.count(most)) of \(Numerals.count(dead)) dead letters"
                : "all \(Numerals.count(dead)) dead letters"
        question = Question(
            text: "Put \(subject) of \(queue.view.name) back in line, with a new budget of attempts?",
            action: .replay(queue.view.name))
    }

    private mutating func answer(_ key: Key) -> [MonitorAction] {
        switch key {
        // Not the return key: on the list it opens a page.
        case .character("y"), .character("Y"):
            defer { question = nil }
            return question.map { [$0.action] } ?? []
        case .character("n"), .character("N"), .character("q"), .escape: question = nil
        default: break
        }
        return []
    }

    // MARK: The filter

    private mutating func type(_ key: Key) -> [MonitorAction] {
        switch key {
        case .character(let character) where filter.count < MonitorState.filterBound: filter.append(character)
        case .backspace: _ = filter.popLast()
        case .enter: isFiltering = false
        case .escape:
            isFiltering = false
            filter = ""
        case .up, .down, .pageUp, .pageDown: moveInList(key)
        default: break
        }
        list()
        return []
    }

    // MARK: Moving

    private mutating func moveInList(_ key: Key) {
        let rows = max(1, ListLayout(self).rows)
        switch key {
        case .up, .character("k"): select(by: -1)
        case .down, .character("j"): select(by: 1)
        case .pageUp: select(by: -rows)
        case .pageDown: select(by: rows)
        case .home, .character("g"): select(by: -listed.count)
        case .end, .character("G"): select(by: listed.count)
        case .enter, .right: if focus != nil { open(.details) }
        default: break
        }
    }

    private mutating func moveOnPage(_ key: Key) {
        let rows = max(1, size.rows - 3)
        switch key {
        case .up, .character("k"): top -= 1
        case .down, .character("j"): top += 1
        case .pageUp: top -= rows
        case .pageDown: top += rows
        case .home, .character("g"): top = 0
        case .end, .character("G"): top = .max
        case .left: open(.list)
        default: break
        }
    }

    private mutating func select(by step: Int) {
        guard !listed.isEmpty else { return }
        let here = selected.flatMap { listed.firstIndex(of: $0) } ?? 0
        selected = listed[min(max(here + step, 0), listed.count - 1)]
    }

    /// Scrolls as little as possible.
    mutating func keepSelectionVisible() {
        switch page {
        case .list:
            let rows = max(1, ListLayout(self).rows)
            let row = selected.flatMap { listed.firstIndex(of: $0) } ?? 0
            top = min(max(top, row - rows + 1), row)
            top = max(0, min(top, listed.count - rows))
        case .details, .help:
            top = max(0, min(top, Pages.body(self).count - Pages.bodyRows(self)))
        }
    }
}
