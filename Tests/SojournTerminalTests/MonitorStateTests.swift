import SojournModel
import SojournWire
import Testing

@testable import SojournTerminal

@Suite("What the monitor remembers") struct MonitorStateTests {
    private let later = Views.start.advanced(by: .seconds(20))

    @Test func aHistoryIsBoundedAndInOrder() {
        var history = History()
        for value in 0..<(3 * History.capacity + 7) { history.add(Double(value)) }
        #expect(history.count == History.capacity)
        let newest = Double(3 * History.capacity + 6)
        #expect(history.last(3) == [newest - 2, newest - 1, newest])
        #expect(history.last(10_000).count == History.capacity)
        #expect(history.oldest == newest - Double(History.capacity) + 1)
        #expect(history.last(0) == [])
    }

    @Test func aHistoryKnowsWhatIsNotKnown() {
        var history = History()
        for value in [nil, 1, .nan, .infinity] as [Double?] { history.add(value) }
        #expect(history.last(4) == [nil, 1, nil, nil])
        #expect(history.oldest == 1)
    }

    @Test func historiesAreKeptForSoManyQueuesOnly() {
        let views = (0..<MonitorState.historyBound + 50).map { Views.idle(QueueName(trusted: "q\($0)")) }
        let state = MonitorState.seeing(views)
        #expect(state.queues.count == views.count)
        #expect(state.queues.values.count { $0.history != nil } == MonitorState.historyBound)
    }

    @Test func decisionsAreBoundedAndNewestFirst() {
        var state = MonitorState.seeing([Views.calm()])
        for second in 0..<(2 * MonitorState.decisionBound) {
            var view = Views.calm()
            let at = Views.start.advanced(by: .seconds(second))
            view.insight.decisions = [ScalingDecision(at: at, from: 1, to: 2, reason: "\(second)")]
            _ = state.apply(.sample([view], at: at))
        }
        #expect(state.decisions.count == MonitorState.decisionBound)
        #expect(state.decisions.first?.decision.reason == "\(2 * MonitorState.decisionBound - 1)")
        #expect(state.decisions.map(\.decision.at) == state.decisions.map(\.decision.at).sorted(by: >))
    }

    @Test func onlyDecisionsThatSomebodySawHappenAreNews() {
        var state = MonitorState.seeing([Views.broken()])
        #expect(state.decisions.map(\.seenAt) == [nil])
        var view = Views.broken()
        view.insight.decisions.insert(ScalingDecision(at: later, from: 3, to: 4, reason: "more"), at: 0)
        _ = state.apply(.sample([view], at: later))
        #expect(state.decisions.map(\.seenAt) == [later, nil])
    }

    @Test func heldSamplesAreBounded() {
        var state = MonitorState.seeing([Views.calm()])
        _ = state.apply(.key(.character(" ")))
        for _ in 0..<MonitorState.heldBound + 5 { _ = state.apply(.sample([Views.calm()], at: later)) }
        #expect(state.held.count == MonitorState.heldBound)
    }

    @Test func aFailureKeepsWhatWasSeenAndSaysSinceWhen() {
        var state = MonitorState.seeing([Views.calm()])
        #expect(!state.isStale)
        _ = state.apply(.failed("no answer", at: later))
        _ = state.apply(.failed("refused", at: later.advanced(by: .seconds(2))))
        #expect(state.failure?.since == later)
        #expect(state.failure?.why == "refused")
        #expect(state.isStale)
        #expect(state.queues.count == 1)
        _ = state.apply(.sample([Views.calm()], at: later.advanced(by: .seconds(4))))
        #expect(state.failure == nil)
        #expect(!state.isStale)
    }

    @Test func whatIsNotRenewedBecomesStale() {
        var state = MonitorState.seeing([Views.calm()])
        _ = state.apply(.tick(Views.start.advanced(by: .seconds(11))))
        #expect(!state.isStale)
        _ = state.apply(.tick(Views.start.advanced(by: .seconds(12))))
        #expect(state.isStale)
    }

    @Test func whatWasDoneIsSaidAndLookedAt() {
        var state = MonitorState.seeing([Views.calm()])
        #expect(state.apply(.finished(.setPaused("mail", true), .done(nil))) == [.refresh])
        #expect(state.message?.text == "mail is paused")
        #expect(state.apply(.finished(.replay("mail"), .done(1))) == [.refresh])
        #expect(state.message?.text == "1 dead letter of mail put back")
        #expect(state.apply(.finished(.replay("mail"), .failed("no"))) == [.refresh])
        #expect(state.message == MonitorState.Message(text: "no", isError: true, until: state.message?.until ?? later))
        _ = state.apply(.tick(later.advanced(by: .seconds(60))))
        #expect(state.message == nil)
    }

    @Test func aQueueThatIsGoneIsNoLongerSelected() {
        var state = MonitorState.seeing([Views.calm("a"), Views.calm("b")])
        state.press(all: [.down])
        _ = state.apply(.sample([Views.calm("a")], at: later))
        #expect(state.selected == nil)
        #expect(state.focus?.view.name == "a")
    }

    @Test func aPageStaysWithItsQueue() {
        var state = MonitorState.seeing([Views.calm("a"), Views.calm("b")])
        state.press(all: [.enter])
        #expect(state.focus?.view.name == "a")
        _ = state.apply(.sample([Views.calm("a"), Views.broken("b")], at: later))
        #expect(state.focus?.view.name == "a")
        _ = state.apply(.sample([Views.broken("b")], at: later))
        #expect(Pages.frame(state).text.contains { $0.contains("this queue is gone") })
        // Neither key means the other queue.
        for key in [Key.character("p"), .character("r")] {
            #expect(state.press(all: [key]) == [] && state.question == nil)
        }
        state.press(all: [.left])
        #expect(state.selected == nil && state.focus?.view.name == "b")
    }

    @Test func aReplayOfVeryManyDoesNotPromiseAll() {
        var state = MonitorState.seeing([Views.calm(dead: 250_000)])
        state.press(all: [.character("r")])
        #expect(state.question?.text.contains("the oldest 100k of 250k") == true, "\(state.question?.text ?? "")")
        state.press(all: [.enter])
        #expect(state.question != nil)
        #expect(state.press(all: [.character("y")]) == [.replay("mail")])
        _ = state.apply(.finished(.replay("mail"), .done(100_000)))
        #expect(state.message?.text.contains("more may be left") == true)
    }

    @Test func theClockNeverGoesBack() {
        var state = MonitorState.seeing([Views.calm()])
        _ = state.apply(.tick(later))
        _ = state.apply(.tick(Views.start))
        #expect(state.now == later)
    }
}
