import Foundation

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The machine a benchmark ran on, and how busy it was.
public struct MachineInfo: Sendable, Hashable {
    /// The operating system.
    public var system: String
    /// Processors.
    public var cores: Int
    /// Main memory.
    public var memoryBytes: UInt64
    /// Programs that wanted to run, over the last minute.
    public var loadAverage: Double

    /// This machine, now.
    public static var current: MachineInfo {
        var load = [0.0]
        let count = getloadavg(&load, 1)
        return MachineInfo(
            system: ProcessInfo.processInfo.operatingSystemVersionString,
            cores: ProcessInfo.processInfo.activeProcessorCount,
            memoryBytes: ProcessInfo.processInfo.physicalMemory,
            loadAverage: count == 1 ? load[0] : 0)
    }
}

#if canImport(Glibc)
private let ownProcess = __rusage_who_t(RUSAGE_SELF.rawValue)
#else
private let ownProcess = RUSAGE_SELF
#endif

/// What this process has used.
enum ProcessUsage {
    /// Processor time, user and system, in seconds.
    static var processorSeconds: Double {
        var usage = rusage()
        getrusage(ownProcess, &usage)
        let micros = usage.ru_utime.tv_usec + usage.ru_stime.tv_usec
        return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + Double(micros) / 1e6
    }

    /// Memory that is in use now, in bytes; where the system does not tell, the most that ever was.
    static var residentBytes: Int {
        if let statm = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) {
            let pages = statm.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
        }
        var usage = rusage()
        getrusage(ownProcess, &usage)
        return Int(usage.ru_maxrss)
    }
}
