import ArgumentParser
import SojournLoad
import SojournModel

/// What the tasks of a load do.
struct MixOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Percent that succeed at once; unset, what the others leave.", valueName: "percent"))
    var pctNoop: Double?

    @Option(help: ArgumentHelp("Percent that fail --flaky-attempts times, then succeed.", valueName: "percent"))
    var pctFlaky = 0.0

    @Option(help: ArgumentHelp("Percent that fail every attempt.", valueName: "percent"))
    var pctFail = 0.0

    @Option(help: ArgumentHelp("Percent that sleep --sleep-ms.", valueName: "percent"))
    var pctSleep = 0.0

    @Option(help: ArgumentHelp("Percent that run for an exponential time with mean --work-ms.", valueName: "percent"))
    var pctWork = 0.0

    @Option(help: "How often flaky tasks fail, 0 to 100.")
    var flakyAttempts = 2

    @Option(help: ArgumentHelp("Retries of tasks that fail; unset, what their queue gives.", valueName: "count"))
    var failRetries: Int?

    @Option(help: ArgumentHelp("How long sleepers sleep, 0 to 3600000.", valueName: "ms"))
    var sleepMs = 80_000

    @Option(help: ArgumentHelp("The mean run time of working tasks, up to 3600000.", valueName: "ms"))
    var workMs = 10.0

    @Option(help: ArgumentHelp("Payload of tasks that need none, 2 to 262144.", valueName: "bytes"))
    var payloadBytes = 100

    func validate() throws {
        let shares = [pctNoop ?? 0, pctFlaky, pctFail, pctSleep, pctWork]
        guard shares.allSatisfy({ (0...100).contains($0) }) else {
            throw ValidationError("Each --pct must be 0 to 100.")
        }
        let sum = shares.reduce(0, +)
        guard pctNoop == nil ? sum <= 100.000_1 : abs(sum - 100) < 0.000_1 else {
            throw ValidationError("The --pct options must come to 100; they come to \(sum).")
        }
        guard (0...100).contains(flakyAttempts) else { throw ValidationError("--flaky-attempts must be 0 to 100.") }
        guard (0...Limits.maxRetries).contains(failRetries ?? 0) else {
            throw ValidationError("--fail-retries must be 0 to \(Limits.maxRetries).")
        }
        guard (0...3_600_000).contains(sleepMs), workMs > 0, workMs <= 3_600_000 else {
            throw ValidationError("--sleep-ms and --work-ms must be at most 3600000.")
        }
        guard (2...Limits.payloadBytes).contains(payloadBytes) else {
            throw ValidationError("--payload-bytes must be 2 to \(Limits.payloadBytes).")
        }
    }

    var mix: TaskMix {
        TaskMix(
            [
                .init(.noop, percent: pctNoop ?? 0), .init(.flaky(failures: flakyAttempts), percent: pctFlaky),
                .init(.fail(retries: failRetries), percent: pctFail),
                .init(.sleep(milliseconds: sleepMs), percent: pctSleep),
                .init(.work(meanMilliseconds: workMs), percent: pctWork),
            ], payloadBytes: payloadBytes)
    }
}

/// When the tasks of a load come.
struct ArrivalOptions: ParsableArguments {
    enum Shape: String, ExpressibleByArgument, CaseIterable {
        case steady, flash, onoff
    }

    @Option(
        help: ArgumentHelp(
            "Tasks per second, whatever becomes of them (open loop); unset, each caller sends when its last call is "
                + "answered (closed loop).", valueName: "per-second"))
    var rate: Double?

    @Option(help: "With --rate: the gaps, poisson or constant.")
    var arrivals = Arrivals.Process.poisson

    @Option(help: "With --rate: steady, flash (a crowd comes at once) or onoff (in turns).")
    var shape = Shape.steady

    @Option(help: ArgumentHelp("With --shape flash: times the rate.", valueName: "factor"))
    var flashFactor = 10.0

    @Option(help: ArgumentHelp("With --shape flash: when it begins.", valueName: "time"), transform: Parse.duration)
    var flashStart: Duration = .seconds(5)

    @Option(help: ArgumentHelp("With --shape flash: how long it lasts.", valueName: "time"), transform: Parse.duration)
    var flashLength: Duration = .seconds(10)

    @Option(
        help: ArgumentHelp("With --shape onoff: how long tasks come.", valueName: "time"), transform: Parse.duration)
    var on: Duration = .seconds(5)

    @Option(help: ArgumentHelp("With --shape onoff: how long none come.", valueName: "time"), transform: Parse.duration)
    var off: Duration = .seconds(5)

    func validate() throws {
        guard let rate else {
            guard shape == .steady else { throw ValidationError("--shape needs --rate.") }
            return
        }
        guard rate > 0, rate <= 1_000_000 else { throw ValidationError("--rate must be more than 0, up to 1000000.") }
        guard flashFactor > 0, flashFactor <= 10_000 else {
            throw ValidationError("--flash-factor must be more than 0, up to 10000.")
        }
        guard on > .zero else { throw ValidationError("--on must be more than 0.") }
    }

    var schedule: Arrivals? {
        rate.map { rate in
            let shape: Arrivals.Shape =
                switch shape {
                case .steady: .steady
                case .flash:
                    .flash(factor: flashFactor, start: flashStart.inSeconds, length: flashLength.inSeconds)
                case .onoff: .onOff(on: on.inSeconds, off: off.inSeconds)
                }
            return Arrivals(rate: rate, process: arrivals, shape: shape)
        }
    }
}
