import SojournModel
import SojournWire
import Testing

@testable import SojournTerminal

@Suite("Keys") struct KeyTests {
    private func many(_ count: Int, rows: Int = 24) -> MonitorState {
        let views = (0..<count).map { Views.calm(QueueName(trusted: "q\(100 + $0)"), waiting: 4) }
        return .seeing(views, rows: rows)
    }

    @Test(arguments: [
        ([Key.down], "q101"), ([.down, .down, .up], "q101"), ([.character("j"), .character("j")], "q102"),
        ([.down, .character("k")], "q100"), ([.up], "q100"), ([.end], "q149"), ([.character("G")], "q149"),
        ([.end, .home], "q100"), ([.end, .character("g")], "q100"), ([.end, .down], "q149"),
        ([.pageDown, .pageUp], "q100"),
    ])
    func moves(keys: [Key], to name: String) {
        var state = many(50)
        state.press(all: keys)
        #expect(state.selected?.rawValue == name)
    }

    @Test func aPageIsAsLongAsTheList() {
        var state = many(50)
        let rows = ListLayout(state).rows
        state.press(all: [.pageDown])
        #expect(state.selected?.rawValue == "q\(100 + rows)")
        #expect(state.top == 1)
        state.press(all: [.end])
        #expect(state.top == 50 - rows)
    }

    @Test func theSelectedRowIsAlwaysVisible() {
        var state = many(50)
        for rows in [24, 5, 40, 8, 60] {
            _ = state.apply(.resized(Size(columns: 80, rows: rows)))
            for key in [Key.end, .up, .home, .pageDown, .down] {
                state.press(all: [key])
                let name = state.selected?.rawValue ?? ""
                #expect(Pages.frame(state).text.contains { $0.contains("▸ \(name)") }, "\(rows) \(key)")
            }
        }
    }

    @Test func theSelectionStaysWithItsQueueAndEscapeFollowsTheWorst() {
        var state = MonitorState.seeing([Views.calm("a"), Views.calm("b")])
        #expect(state.focus?.view.name == "a")
        state.press(all: [.down])
        _ = state.apply(.sample([Views.calm("a"), Views.broken("b")], at: Views.start.advanced(by: .seconds(7))))
        #expect(state.listed == ["b", "a"])
        #expect(state.focus?.view.name == "b")
        state.press(all: [.down, .escape])
        #expect(state.selected == nil)
        #expect(state.focus?.view.name == "b")
    }

    @Test func opensAndLeavesPages() {
        var state = many(3)
        state.press(all: [.down, .enter])
        #expect(state.page == .details)
        state.press(all: [.escape])
        #expect(state.page == .list)
        #expect(state.selected == "q101")
        state.press(all: [.character("?")])
        #expect(state.page == .help)
        state.press(all: [.character("?"), .enter, .left])
        #expect(state.page == .list)
    }

    @Test func scrollsAPageButNotBeyondIt() {
        var state = MonitorState.seeing(Views.all, columns: 40, rows: 10)
        state.press(all: [.character("?"), .up])
        #expect(state.top == 0)
        state.press(all: [.down, .down, .up])
        #expect(state.top == 1)
        state.press(all: [.pageDown])
        #expect(state.top == 8)
        state.press(all: [.end])
        let last = HelpPage.lines(columns: 40).count - Pages.bodyRows(state)
        #expect(state.top == last)
        state.press(all: [.pageDown, .pageUp])
        #expect(state.top == last - 7)
        state.press(all: [.home])
        #expect(state.top == 0)
    }

    @Test func asksBeforeItPauses() {
        var state = MonitorState.seeing([Views.calm()])
        #expect(state.press(all: [.character("p")]) == [])
        #expect(state.question?.text.hasPrefix("Pause mail?") == true)
        #expect(state.press(all: [.character("n")]) == [])
        #expect(state.question == nil)
        #expect(state.press(all: [.character("p"), .escape]) == [])
        #expect(state.press(all: [.character("p"), .character("x"), .character("y")]) == [.setPaused("mail", true)])
        #expect(state.question == nil)
    }

    @Test func asksBeforeItResumes() {
        var state = MonitorState.seeing([Views.paused()])
        #expect(state.press(all: [.character("p"), .character("y")]) == [.setPaused("billing", false)])
    }

    @Test func asksBeforeItReplaysAndSaysHowMany() {
        var state = MonitorState.seeing([Views.calm(dead: 3)])
        #expect(state.press(all: [.character("r")]) == [])
        #expect(state.question?.text.contains("all 3 dead letters of mail") == true)
        #expect(state.press(all: [.character("y")]) == [.replay("mail")])
    }

    @Test func hasNothingToReplay() {
        var state = MonitorState.seeing([Views.calm()])
        state.press(all: [.character("r")])
        #expect(state.question == nil)
        #expect(state.message?.text == "mail has no dead letters")
        state.press(all: [.down])
        #expect(state.message == nil)
    }

    @Test func aQuestionIsAboutTheQueueThatWasSelected() {
        var state = MonitorState.seeing([Views.calm("a"), Views.calm("b")])
        state.press(all: [.character("p")])
        _ = state.apply(.sample([Views.calm("a"), Views.broken("b")], at: Views.start.advanced(by: .seconds(7))))
        #expect(state.press(all: [.character("y")]) == [.setPaused("a", true)])
    }

    @Test func filters() {
        var state = MonitorState.seeing(Views.all)
        state.press(all: [.character("/"), .character("I"), .character("q"), .backspace])
        #expect(state.listed == ["realtime", "billing", "mail"])
        state.press(all: [.enter, .down])
        #expect(state.selected == "billing")
        #expect(!state.isFiltering)
        state.press(all: [.escape])
        #expect(state.listed.count == 5)
        state.press(all: [.character("/"), .character("z"), .escape])
        #expect(state.listed.count == 5)
        #expect(state.filter.isEmpty)
    }

    @Test func aFilterIsBounded() {
        var state = MonitorState.seeing(Views.all)
        state.press(all: [.character("/")] + Array(repeating: .character("a"), count: 1_000))
        #expect(state.filter.count == Limits.nameLength)
    }

    @Test func sorts() {
        var state = MonitorState.seeing(Views.all)
        #expect(state.listed == ["realtime", "billing", "mail", "default", "cleanup"])
        state.press(all: [.character("s")])
        #expect(state.listed == ["billing", "cleanup", "default", "mail", "realtime"])
        state.press(all: [.character("s")])
        #expect(state.listed == ["realtime", "billing", "default", "mail", "cleanup"])
        state.press(all: [.character("s")])
        #expect(state.order == .worst)
    }

    @Test func freezesAndGoesOn() {
        var state = MonitorState.seeing([Views.calm()])
        state.press(all: [.character(" ")])
        let later = Views.start.advanced(by: .seconds(9))
        _ = state.apply(.sample([Views.broken("mail")], at: later))
        #expect(state.focus?.verdict.standing == .keeps)
        state.press(all: [.character(" ")])
        #expect(state.focus?.verdict.standing == .broken)
        #expect(state.sampledAt == later)
        #expect(state.focus?.history?.waits.count == 4)
    }

    @Test(arguments: [
        (Key.character("q"), MonitorAction.quit), (.interrupt, .quit), (.suspend, .suspend),
    ])
    func leaves(key: Key, action: MonitorAction) {
        for page in [[], [Key.enter], [.character("?")]] {
            var state = MonitorState.seeing(Views.all)
            state.press(all: page)
            #expect(state.press(all: [key]) == [action])
        }
    }

    @Test func onlyControlKeysLeaveAQuestion() {
        var state = MonitorState.seeing(Views.all)
        #expect(state.press(all: [.character("p"), .character("q")]) == [])
        #expect(state.question == nil)
        #expect(state.press(all: [.character("p"), .interrupt]) == [.quit])
    }

    @Test func drawsAgain() {
        var state = MonitorState.seeing(Views.all)
        #expect(state.press(all: [.redraw]) == [.redraw, .refresh])
    }

    @Test func nothingIsSelectedWhereThereIsNothing() {
        var state = MonitorState.seeing([])
        for key in [Key.down, .end, .enter, .character("p"), .character("r"), .pageDown, .right, .tab, .delete] {
            #expect(state.press(all: [key]) == [])
        }
        #expect(state.page == .list)
        #expect(state.question == nil)
    }
}
