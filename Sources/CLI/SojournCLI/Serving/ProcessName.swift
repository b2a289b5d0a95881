import Foundation
import SojournModel

/// Who this process is, shown with the attempts that it makes: the machine, and a number that is new at every start, so
/// that two lives of one machine are told apart.
enum ProcessName {
    static func make() -> String {
        let allowed = ProcessInfo.processInfo.hostName.map { QueueName(rawValue: String($0)) == nil ? "-" : $0 }
        let start = String(UInt32.random(in: .min ... .max), radix: 16)
        let padded = String(repeating: "0", count: 8 - start.count) + start
        return "\(String(allowed.prefix(64)))-\(padded)"
    }
}
