import SojournModel
import SojournWire
import Subprocess

/// How a program ended, and what that means for the attempt.
enum ProgramEnd: Sendable, Hashable {
    case exited(Int)
    case signalled(Int)
    case tookTooLong(Duration)
    case didNotStart(String)

    init(_ status: TerminationStatus) {
        switch status {
        case .exited(let code): self = .exited(Int(code))
        case .signaled(let signal): self = .signalled(Int(signal))
        }
    }

    /// The codes of `sysexits.h` that blame the payload.
    private static let notRetryable: Set<Int> = [64, 65]

    func outcome(of program: String, kept: ProgramOutput.Kept) -> Outcome {
        let name = SafeText.line(program)
        switch self {
        case .exited(0): return .succeeded(result: ProgramResult.json(from: kept.output, isCut: kept.isCut))
        case .exited(let code):
            return failed("\(name) exited with \(code)", kept, isRetryable: !Self.notRetryable.contains(code))
        case .signalled(let signal): return failed("\(name) was ended by signal \(signal)", kept)
        case .tookTooLong(let limit): return failed("\(name) ran longer than \(limit) and was killed", kept)
        case .didNotStart(let reason): return failed("\(name) did not start: \(SafeText.line(reason))", kept)
        }
    }

    private func failed(_ what: String, _ kept: ProgramOutput.Kept, isRetryable: Bool = true) -> Outcome {
        let errors = SafeText.lines(kept.errors).trimmingSpace()
        return .failed(Failure(errors.isEmpty ? what : "\(what): \(errors)", isRetryable: isRetryable))
    }
}

/// A program's standard output as the JSON that is kept with the task.
enum ProgramResult {
    /// The output itself where it is JSON, otherwise a JSON string of it; nil when there is none.
    ///
    /// Never longer than `Limits.resultBytes`; a string that was cut ends in `…`.
    static func json(from output: [UInt8], isCut: Bool) -> [UInt8]? {
        guard !output.isEmpty else { return nil }
        if !isCut, let value = try? JSONValue(validating: output), value.raw.count <= Limits.resultBytes {
            return value.raw
        }
        let text = SafeText.lines(output)
        let whole = string(text)
        if !isCut, whole.count <= Limits.resultBytes { return whole }
        return cut(text, to: Limits.resultBytes)
    }

    private static func cut(_ text: String, to limit: Int) -> [UInt8] {
        var part = Substring(text)
        while true {
            let written = string(part + "…")
            guard written.count > limit else { return written }
            // Escapes make the JSON longer than the text, so the share that fits can only be estimated, from above.
            part = part.prefix(part.count * limit / written.count)
        }
    }

    private static func string(_ text: some StringProtocol) -> [UInt8] {
        var writer = JSONWriter(capacity: text.utf8.count + 2)
        writer.value(String(text))
        return writer.bytes
    }
}

extension String {
    fileprivate func trimmingSpace() -> String {
        let start = drop(while: \.isWhitespace)
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...end])
    }
}
