#if Redis
import Foundation
import Synchronization

/// Ends the servers of a test process that was itself ended the hard way, so that none is left behind.
///
/// A shell reads who lives. Its input ends when this process is gone, however that came; then it kills who is left.
final class LastWill: Sendable {
    static let shared = try? LastWill()

    private let list: Mutex<FileHandle>
    private let process: Mutex<Process>

    private static let script = """
        trap '' INT TERM HUP
        list=
        while read -r word pid; do
            rest=
            for known in $list; do
                if [ "$known" != "$pid" ]; then rest="$rest $known"; fi
            done
            if [ "$word" = add ]; then list="$rest $pid"; else list=$rest; fi
        done
        if [ -n "$list" ]; then kill -9 $list; fi
        """

    private init() throws {
        let pipe = Pipe()
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = ["-c", Self.script]
        shell.standardInput = pipe
        shell.standardOutput = FileHandle.nullDevice
        shell.standardError = FileHandle.nullDevice
        try shell.run()
        list = Mutex(pipe.fileHandleForWriting)
        process = Mutex(shell)
    }

    func add(_ pid: Int32) { write("add \(pid)\n") }
    func remove(_ pid: Int32) { write("remove \(pid)\n") }

    private func write(_ line: String) {
        list.withLock { list in try? list.write(contentsOf: Data(line.utf8)) }
    }
}
#endif
