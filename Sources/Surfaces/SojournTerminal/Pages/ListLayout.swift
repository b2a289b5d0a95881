/// How the rows of the screen are shared out on the page with the list.
struct ListLayout {
    /// Rows of queues.
    let rows: Int
    /// Lines about the selected queue, its heading included.
    let reason: Int
    /// Lines of charts of the selected queue, what is left over: they take none from anything else.
    let charts: Int
    /// Lines of decisions, their heading included.
    let decisions: Int

    private static let chartHeight = 5...10

    init(_ state: MonitorState) {
        // Title, totals, heading of the table and keys.
        let fixed = state.size.rows < 6 ? 2 : 4
        var free = max(1, state.size.rows - fixed)
        let queues = max(1, state.listed.count)
        let hasFocus = state.focus != nil
        // The reason is what somebody came for; it takes one line each where there is little room.
        reason = !hasFocus || free < 4 ? 0 : free < 8 ? 2 : free < 14 ? 3 : 4
        free -= reason
        let wanted = state.decisions.isEmpty || free < 8 ? 0 : min(state.decisions.count + 1, max(3, free / 3))
        rows = max(1, min(queues, free - wanted))
        let spare = free - rows - wanted
        let hasCharts = hasFocus && spare >= ListLayout.chartHeight.lowerBound
        charts =
            hasCharts && state.size.columns >= ChartLines.sideBySide ? min(spare, ListLayout.chartHeight.upperBound) : 0
        decisions = wanted == 0 ? 0 : min(state.decisions.count + 1, free - rows - charts)
    }
}
