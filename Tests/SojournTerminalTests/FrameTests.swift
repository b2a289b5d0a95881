import SojournModel
import SojournWire
import Testing

@testable import SojournTerminal

@Suite("Frames") struct FrameTests {
    private func expect(_ state: MonitorState, _ text: String, at location: SourceLocation = #_sourceLocation) {
        var lines = Pages.frame(state).text
        while lines.last == "" { lines.removeLast() }
        #expect(lines.joined(separator: "\n") == text, sourceLocation: location)
    }

    @Test func theListOnAnOrdinaryTerminal() {
        expect(
            .seeing(Views.all),
            """
            sojourn monitor  http://127.0.0.1:8080                         ● live  17:26:35Z
            ✗ 1 broken  ‖ 1 paused  ✓ 1  – 1  · 1  │ 306 waiting  9 running  3 dead  λ 181/s
              QUEUE     STATE      WAITING     WAIT       W  WAITS     IN TIME  WORKERS
            ▸ realtime  ✗ broken       197    3.0 s     2 s       ███   98.2 %    2 → 3
              billing   ‖ paused        88   300 ms     2 s       ▂▂▂    100 %        2
              mail      ✓ keeps          4   300 ms     2 s       ▂▂▂    100 %        2
              default   –               17    1.0 s       –       ▅▅▅        –        –
              cleanup   · idle           0        –  60 min                  –        –
            ── realtime ✗ broken ───────────────────────────────────────────────────────────
            why  λ 157/s is above the contract of 20/s
            do   raise arrival_rate and max_workers, or let admission refuse (overflow:
                 reject)
            WAIT 3.0 s of W 2 s        WAITING 197 of L 40        λ 157/s of 20/s
                                  ▆▆▆                        ▆▆▆                        ▆▆▆
                                  ███                        ███                        ███
            ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄███                        ███                        ███
                                  ███                        ███                        ███
                                  ███                        ███                        ███
                                  ███  ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄███                        ███
                                  ███                        ███  ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄███

            ── scaling decisions ───────────────────────────────────────────────────────────
              17:26:30  realtime  2 → 3    λ 140/s, 197 waiting, 257 must start within 2.03…
            ↑↓ move  Enter details  p pause  r replay  / filter  s worst  ? help  q quit
            """)
    }

    @Test func theListOnASmallTerminal() {
        expect(
            .seeing(Views.all, columns: 40, rows: 10),
            """
            sojourn  http://127.0.0.1:8080    ● live
            ✗ 1 broken  ‖ 1 paused  ✓ 1  – 1  · 1
              QUEUE        WAITING     WAIT       W
            ▸ realtime  ✗      197    3.0 s     2 s
              billing   ‖       88   300 ms     2 s
              mail      ✓        4   300 ms     2 s
              default   –       17    1.0 s       –
            why  λ 157/s is above the contract of 2…
            do   raise arrival_rate and max_workers…
            p pause  r replay  ? help  q quit
            """)
    }

    @Test func theListOnAWideTerminal() {
        expect(
            .seeing(Views.all, columns: 106, rows: 16),
            """
            sojourn monitor  http://127.0.0.1:8080                                                   ● live  17:26:35Z
            ✗ 1 broken  ‖ 1 paused  ✓ 1  – 1  · 1  │ 306 waiting  9 running  3 dead  λ 181/s
              QUEUE     STATE      WAITING  OF L               WAIT       W  WAITS     IN TIME        λ/s  WORKERS
            ▸ realtime  ✗ broken       197  ████████    40    3.0 s     2 s       ███   98.2 %     157/20    2 → 3
              billing   ‖ paused        88  ████████    40   300 ms     2 s       ▂▂▂    100 %      12/20        2
              mail      ✓ keeps          4  ▉───────    40   300 ms     2 s       ▂▂▂    100 %      12/20        2
              default   –               17                    1.0 s       –       ▅▅▅        –          –        –
              cleanup   · idle           0                        –  60 min                  –          –        –
            ── realtime ✗ broken ─────────────────────────────────────────────────────────────────────────────────────
            why  λ 157/s is above the contract of 20/s
            do   raise arrival_rate and max_workers, or let admission refuse (overflow: reject)
            ── scaling decisions ─────────────────────────────────────────────────────────────────────────────────────
              17:26:30  realtime  2 → 3    λ 140/s, 197 waiting, 257 must start within 2.03 s


            ↑↓ move  Enter details  p pause  r replay  / filter  s worst  space freeze  ? help  q quit
            """)
    }

    @Test func theListWhereThereIsHardlyAnyRoom() {
        expect(
            .seeing(Views.all, columns: 24, rows: 4),
            """
            sojourn           ● live
            ▸ realtime  ✗      197
              billing   ‖       88
            p pause  ? help  q quit
            """)
    }

    @Test func everythingAboutAQueue() {
        var state = MonitorState.seeing([Views.broken()], rows: 28)
        state.press(all: [.enter])
        expect(
            state,
            """
            sojourn monitor  http://127.0.0.1:8080                         ● live  17:26:35Z
            ── realtime ✗ broken ───────────────────────────────────────────────────────────
            why  λ 157/s is above the contract of 20/s
            do   raise arrival_rate and max_workers, or let admission refuse (overflow:
                 reject)

            WAIT 3.0 s of W 2 s        WAITING 197 of L 40        λ 157/s of 20/s
                                  ▇▇▇                        ▇▇▇                        ▇▇▇
            ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄███                        ███                        ███
                                  ███  ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄███  ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄███

            promise         2 s for 99.9 %          arrivals        λ 157/s of 20/s
            in time         98.2 %                  service time    104 ms
            budget used     130 %                   variation       –
            burn rate       0.0 in 5 min            attempts/task   –
            oldest wait     3.0 s                   busy            40.0 %
            predicted wait  300 ms                  workers         2 → 3
            p99 wait        850 ms                  slots           –
            quoted wait     –                       start-up        –
            quotes held     –                       dead letters    0
            refused         –

            PRIORITY     WAITING    RUNNING  SCHEDULED   RETRYING       DEAD
            critical           0          0          0          0          0
            high               0          0          0          0          0
            default          197          3          0          0          0
            low                0          0          0          0          0
            Esc back  ↑↓ scroll  p pause  r replay  space freeze  ? help  q quit
            """)
    }

    @Test func help() {
        var state = MonitorState.seeing(Views.all, columns: 60, rows: 12)
        state.press(all: [.character("?")])
        expect(
            state,
            """
            sojourn monitor  http://127.0.0.1:8080     ● live  17:26:35Z
            ── keys ────────────────────────────────────────────────────
              ↑ ↓ j k       select a queue
              PgUp PgDn     a screen up or down
              Home End g G  first, last
              Enter         everything about the queue
              Esc           back; in the list: no filter, follow the
                            worst queue
              p             pause or resume the queue, after a question
              r             replay its dead letters, after a question
              /             only queues with that text in their name
            Esc back  ↑↓ scroll  q quit
            """)
    }

    @Test func aQuestion() {
        var state = MonitorState.seeing(Views.all, columns: 60, rows: 14)
        state.press(all: [.down, .down, .character("r")])
        expect(
            state,
            """
            sojourn monitor  http://127.0.0.1:8080     ● live  17:26:35Z
            ✗ 1 broken  ‖ 1 paused  ✓ 1  – 1  · 1  │ 306 waiting
              QUEUE     STATE      WAITING     WAIT       W  WAITS
              realtime  ✗ broken       197    3.0 s     2 s       ███
              ╭──────────────────────────────────────────────────────╮
            ▸ │ Put all 3 dead letters of mail back in line, with a  │
              │ new budget of attempts?                              │
              │                                                      │
            ──│ y yes   n no                                         │──
            wh╰──────────────────────────────────────────────────────╯
            do   press r to replay; why they died: sojourn dlq list --q…


            ↑↓ move  Enter details  p pause  r replay  ? help  q quit
            """)
    }

    @Test func aServerThatDoesNotAnswer() {
        var state = MonitorState.seeing([Views.calm()], rows: 12)
        _ = state.apply(.failed("Error: the server is not reachable", at: Views.start.advanced(by: .seconds(7))))
        _ = state.apply(.tick(Views.start.advanced(by: .seconds(19))))
        expect(
            state,
            """
            sojourn monitor  http://127.0…  ○ not reachable since 17:26:37Z, 12 s  17:26:49Z
            ✓ 1  │ 4 waiting  3 running  λ 12/s
              QUEUE  STATE      WAITING     WAIT       W  WAITS     IN TIME  WORKERS
            ▸ mail   ✓ keeps          4   300 ms     2 s       ▂▂▂    100 %        2
            ── mail ✓ keeps ────────────────────────────────────────────────────────────────
            why  100 % started within 2 s; λ 12/s of 20/s
            do   nothing to do




            Error: the server is not reachable
            """)
    }

    @Test func oldDataIsGrey() {
        var state = MonitorState.seeing([Views.broken()], rows: 12)
        _ = state.apply(.failed("no", at: Views.start.advanced(by: .seconds(7))))
        let row = Pages.frame(state).lines[3]
        #expect(row.allSatisfy { $0.style == .quiet || $0 == .blank })
    }

    @Test func aFrozenScreenWithAFilter() {
        var state = MonitorState.seeing(Views.all, rows: 12)
        state.press(all: [.character(" "), .character("/"), .character("l")])
        _ = state.apply(.tick(Views.start.advanced(by: .seconds(60))))
        expect(
            state,
            """
            sojourn monitor  http://127.0.0.1:8080          ‖ frozen at 17:26:35Z  17:27:30Z
            ✗ 1 broken  ‖ 1 paused  ✓ 1  – 1  · 1  │ 306 waiting  9 running  3 dead  λ 181/s
              QUEUE     STATE      WAITING     WAIT       W  WAITS     IN TIME  WORKERS
            ▸ realtime  ✗ broken       197    3.0 s     2 s       ███   98.2 %    2 → 3
              billing   ‖ paused        88   300 ms     2 s       ▂▂▂    100 %        2
              mail      ✓ keeps          4   300 ms     2 s       ▂▂▂    100 %        2
              default   –               17    1.0 s       –       ▅▅▅        –        –
              cleanup   · idle           0        –  60 min                  –        –
            ── realtime ✗ broken ───────────────────────────────────────────────────────────
            why  λ 157/s is above the contract of 20/s
            do   raise arrival_rate and max_workers, or let admission refuse (overflow: rej…
            /l▏  5 of 5  Enter keeps it, Esc drops it
            """)
    }

    @Test func noQueueHasThatName() {
        var state = MonitorState.seeing(Views.all, columns: 60, rows: 7)
        state.press(all: [.character("/"), .character("z"), .enter])
        expect(
            state,
            """
            sojourn monitor  http://127.0.0.1:8080     ● live  17:26:35Z
            ✗ 1 broken  ‖ 1 paused  ✓ 1  – 1  · 1  │ 306 waiting

              no queue has "z" in its name; Esc shows all


            ↑↓ move  Enter details  p pause  r replay  ? help  q quit
            """)
    }

    @Test func nothingIsKnownYet() {
        let size = Size(columns: 50, rows: 6)
        let state = MonitorState(server: "Redis", interval: .seconds(2), size: size, now: Views.start)
        expect(
            state,
            """
            sojourn  Redis                 ○ asking  17:26:30Z


              asking Redis …

            Enter details  p pause  r replay  ? help  q quit
            """)
    }

    @Test func withoutColoursThereAreNone() {
        let state = MonitorState.seeing(Views.all)
        let frame = Pages.frame(state, colour: false)
        #expect(frame.lines.allSatisfy { $0.allSatisfy { $0.style.colour == nil } })
        #expect(frame.text == Pages.frame(state).text)
    }

    @Test func aSampleThatIsAboveItsLimitIsRed() {
        let line = Charts.sparkline([nil, 0, 0.5, 1, 1.9, 2.1, 90], limit: 2, columns: 8)
        #expect(line.cells.map(\.text).joined() == "  ▁▂▄███")
        #expect(line.cells.map(\.style.colour) == [nil, nil, .green, .green, .green, .yellow, .red, .red])
    }

    @Test(arguments: [(0.0, "────────"), (1, "▉───────"), (5, "████────"), (10, "████████"), (99, "████████")])
    func aBarIsNeverLongerThanItsPlace(value: Double, text: String) {
        #expect(Charts.bar(value, limit: 10, columns: 8).cells.map(\.text).joined() == text)
    }

    @Test func aChartMarksItsLimit() {
        let lines = Charts.area([1, 2, 4, nil], limit: 4, columns: 6, rows: 3).map { $0.cells.map(\.text).joined() }
        #expect(lines == ["┄┄┄┄▄┄", "   ▂█ ", "  ▅██ "])
    }
}
