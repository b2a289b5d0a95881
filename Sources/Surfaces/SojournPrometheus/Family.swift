import Synchronization

/// All instruments of one name.
final class Family: Sendable {
    enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    private struct State {
        var cells: [(labels: String, cell: any Cell)] = []
        var places: [String: Int] = [:]
    }

    let name: String
    let kind: Kind
    let buckets: [Double]
    private let help: String?
    private let labelSets: Int
    private let state = Mutex(State())

    init(name: String, kind: Kind, _ description: PrometheusRegistry.Description?, labelSets: Int) {
        self.name = name
        self.kind = kind
        self.labelSets = labelSets
        help = description?.help
        buckets = description?.buckets ?? PrometheusRegistry.Description.usualBuckets
    }

    /// The instrument with these labels; made by `make` if it is new.
    func cell<C: Cell>(_ dimensions: [(String, String)], _ make: () -> C) -> C {
        state.withLock { state in
            var labels = Name.labels(dimensions)
            if state.places[labels] == nil, state.cells.count >= labelSets {
                // Of several gauges in one, nobody could tell whose value it is.
                if kind == .gauge { return make() }
                labels = Name.labels(dimensions.map { ($0.0, "other") })
            }
            if let place = state.places[labels] { return state.cells[place].cell as? C ?? make() }
            let cell = make()
            state.places[labels] = state.cells.count
            state.cells.append((labels, cell))
            return cell
        }
    }

    /// Removes an instrument; whether it was here.
    func forget(_ cell: any Cell) -> Bool {
        state.withLock { state in
            guard let place = state.cells.firstIndex(where: { $0.cell === cell }) else { return false }
            state.places[state.cells[place].labels] = nil
            let last = state.cells.removeLast()
            if place < state.cells.count {
                state.cells[place] = last
                state.places[last.labels] = place
            }
            return true
        }
    }

    func write(to writer: inout TextWriter) {
        let cells = state.withLock { $0.cells }
        if cells.isEmpty { return }
        writer.family(name, kind, help: help)
        for (labels, cell) in cells { cell.write(name, labels, to: &writer) }
    }
}
