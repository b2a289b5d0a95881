import CoreMetrics
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension PrometheusRegistry {
    /// Shows this process with every scrape, under the names that Prometheus' own libraries use: processor time and,
    /// where there is a `/proc`, memory and open files.
    ///
    /// - Parameter start: When the process started, in seconds since 1970.
    public func addProcess(startedAt start: Double) {
        let cpu = makeFloatingPointCounter(label: "process_cpu_seconds_total", dimensions: [])
        let counted = Mutex(0.0)
        makeMeter(label: "process_start_time_seconds", dimensions: []).set(start)
        let memory = ProcFS.residentBytes.map { _ in makeMeter(label: "process_resident_memory_bytes", dimensions: []) }
        let files = ProcFS.openFiles.map { _ in makeMeter(label: "process_open_fds", dimensions: []) }
        onScrape {
            let seconds = Self.processorSeconds
            cpu.increment(
                by: counted.withLock { counted in
                    defer { counted = max(counted, seconds) }
                    return seconds - counted
                })
            if let memory, let bytes = ProcFS.residentBytes { memory.set(Double(bytes)) }
            if let files, let count = ProcFS.openFiles { files.set(Double(count)) }
        }
    }

    /// In user and system mode, of all threads.
    private static var processorSeconds: Double {
        var usage = rusage()
        #if canImport(Glibc)
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        #else
        getrusage(RUSAGE_SELF, &usage)
        #endif
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }
}

/// What Linux says about this process in files.
private enum ProcFS {
    static var residentBytes: Int? {
        guard let file = fopen("/proc/self/statm", "r") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        guard fgets(&line, Int32(line.count), file) != nil else { return nil }
        let words = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            .split(separator: " ")
        guard words.count > 1, let pages = Int(words[1]) else { return nil }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    static var openFiles: Int? {
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // `.`, `..` and the folder itself.
        return max(0, count - 3)
    }
}
