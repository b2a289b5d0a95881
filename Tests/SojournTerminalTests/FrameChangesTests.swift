import SojournModel
import SojournTestKit
import SojournWire
import Testing

@testable import SojournTerminal

@Suite("What is written to a terminal") struct FrameChangesTests {
    /// What a terminal shows once all of `frame` was written to it.
    private func whole(_ frame: Frame) -> VirtualScreen {
        var screen = VirtualScreen(columns: frame.size.columns, rows: frame.size.rows)
        screen.write(FrameChanges.whole(frame), width: Glyphs.width)
        return screen
    }

    @Test func nothingIsWrittenWhereNothingHasChanged() {
        let frame = Pages.frame(.seeing(Views.all))
        #expect(FrameChanges.between(frame, frame) == "")
    }

    @Test func onlyWhatHasChangedIsWritten() {
        var state = MonitorState.seeing(Views.all)
        let before = Pages.frame(state)
        _ = state.apply(.tick(Views.start.advanced(by: .seconds(6))))
        let text = FrameChanges.between(before, Pages.frame(state))
        // The clock moves from …35Z to …36Z.
        #expect(text == "\u{1B}[?2026h\u{1B}[1;79H\u{1B}[0;90m6\u{1B}[0m\u{1B}[?2026l")
    }

    @Test func halfOfAWideCharacterIsNeverLeft() {
        let size = Size(columns: 6, rows: 1)
        let texts = ["日本語", "a日本b", "ab日c", "日abcd", "abcdef", " 日本 "]
        for old in texts {
            for new in texts {
                let (before, after) = (Frame([Line(old)], size: size), Frame([Line(new)], size: size))
                var screen = whole(before)
                screen.write(FrameChanges.between(before, after), width: Glyphs.width)
                #expect(screen.cells == whole(after).cells, "\(old) → \(new)")
            }
        }
    }

    @Test(arguments: 0..<20) func changesLeadToTheSamePictureAsDrawingAnew(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var state = MonitorState.seeing(RandomViews.views(&random))
        var frame = Pages.frame(state)
        var screen = whole(frame)
        for step in 0..<25 {
            let isResized = RandomViews.change(&state, step, &random)
            let next = Pages.frame(state, colour: Bool.random(using: &random))
            // A terminal that was resized may show anything; so does this one.
            if isResized { screen = VirtualScreen(columns: next.size.columns, rows: next.size.rows) }
            screen.write(FrameChanges.between(frame, next), width: Glyphs.width)
            #expect(screen.cells == whole(next).cells, "step \(step)")
            #expect(screen.faults == [])
            #expect(next.lines.allSatisfy { $0.count == next.size.columns })
            #expect(next.lines.count == next.size.rows)
            frame = next
        }
    }
}
