import SojournModel
import SojournTestKit
import SojournWire
import Testing

@testable import SojournTerminal

@Suite("Text that wants to do harm") struct HostileTextTests {
    private func views(_ text: String) -> [QueueView] {
        var view = Views.broken(QueueName(trusted: text))
        view.insight.decisions[0].reason = text
        view.insight.audit = AuditView(gap: 0, relativeGap: 0, slope: 0, diagnosis: text)
        return [view, Views.calm(QueueName(trusted: "a\(text)"), dead: 2)]
    }

    @Test(arguments: RandomViews.hostile)
    func neitherMovesTheCursorNorBreaksALine(text: String) {
        for keys in [[], [Key.enter], [.character("p")], [.character("r")], [.character("/"), .character("a")]] {
            for size in [(80, 24), (40, 10), (133, 40), (7, 3)] {
                var state = MonitorState.seeing(views(text), columns: size.0, rows: size.1)
                _ = state.apply(.failed(text, at: Views.start))
                _ = state.apply(.said(text))
                state.press(all: keys)
                check(Pages.frame(state))
            }
        }
    }

    private func check(_ frame: Frame) {
        for line in frame.lines {
            #expect(line.count == frame.size.columns)
            #expect(line.reduce(0) { $0 + $1.width } == frame.size.columns)
            for cell in line {
                #expect(cell.text.isEmpty == (cell.width == 0))
                #expect(cell.text.unicodeScalars.allSatisfy { isHarmless($0) }, "\(cell.text.debugDescription)")
            }
        }
    }

    private func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
        default: true
        }
    }
}
