import SojournCore
import SojournModel

extension ConformanceSuite {
    static let workloadChecks: [ConformanceCheck] = (1...8).map { (seed: UInt64) in
        ConformanceCheck("random calls, seed \(seed): always as the reference model says") { trial in
            var workload = Workload(trial, seed: seed)
            for step in 0..<400 {
                do {
                    try await workload.step()
                    try await workload.compare(records: step % 40 == 39)
                } catch let failure as ConformanceFailure {
                    throw ConformanceFailure("step \(step): \(failure)", file: #fileID, line: #line)
                }
            }
        }
    }
}
