/// Whether two numbers agree to a relative tolerance.
func isClose(_ value: Double, _ expected: Double, _ tolerance: Double) -> Bool {
    value == expected || abs(value - expected) <= tolerance * abs(expected)
}
