/// Quantiles by linear interpolation between the neighbours, as NumPy's default is.
struct Quantiles {
    private let sorted: [Double]

    init(_ values: [Double]) { sorted = values.sorted() }

    /// The value below which a share of the values lies; 0 where there are none.
    func callAsFunction(_ share: Double) -> Double {
        guard let last = sorted.last else { return 0 }
        let position = min(max(share, 0), 1) * Double(sorted.count - 1)
        let index = Int(position)
        guard index + 1 < sorted.count else { return last }
        return sorted[index] + (position - Double(index)) * (sorted[index + 1] - sorted[index])
    }
}
