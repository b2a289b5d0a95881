import Foundation
import SojournTestKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension PostgresProcess {
    /// Takes all the room that is left on its disk.
    public func fillDisk() async throws {
        try await onThread { [folder] in
            // It ends with "no space left", which is what it is for.
            _ = try? Child.run(["dd", "if=/dev/zero", "of=\(folder)/ballast", "bs=64k"])
        }
    }

    /// Gives back what ``fillDisk()`` took.
    public func emptyDisk() throws { try FileManager.default.removeItem(atPath: folder + "/ballast") }

    /// Whether a server can have a disk of its own here: on Linux, as root, where mounting is allowed.
    public static let canHaveDisk: Bool = {
        #if os(Linux)
        guard geteuid() == 0, let folder = try? Daemon.makeFolder("disk") else { return false }
        defer { try? FileManager.default.removeItem(atPath: folder) }
        guard (try? mount(megabytes: 1, at: folder)) != nil else { return false }
        unmount(folder)
        return true
        #else
        return false
        #endif
    }()

    static func mount(megabytes: Int, at folder: String) throws {
        try Child.run(["mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", folder])
    }

    static func unmount(_ folder: String) { _ = try? Child.run(["umount", "-l", folder]) }
}
