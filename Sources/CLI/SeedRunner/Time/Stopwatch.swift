/// How long something takes by the machine's clock: the only one here that is real.
struct Stopwatch {
    private let start = ContinuousClock.now

    /// Whole seconds since the start.
    var seconds: Int64 { start.duration(to: .now).components.seconds }
}
