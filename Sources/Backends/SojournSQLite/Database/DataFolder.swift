#if SQLite
import Foundation
import SojournCore
import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The folder that holds the database, locked for one process.
///
/// Two processes that write or checkpoint one SQLite database at once can damage it (the WAL-reset bug of versions
/// 3.7.0 to 3.51.2), and the running leases are kept in memory: so there is one owner, and it proves it with `flock`.
final class DataFolder: Sendable {
    let database: String
    private let lock: Mutex<Int32?>

    /// Makes the folder where it is missing, readable by its owner alone, and locks it.
    init(_ path: String) throws(BackendError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw BackendError(.rejected, "The data folder \(path) cannot be made.", cause: error)
        }
        let descriptor = open("\(path)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw BackendError(.rejected, "The data folder \(path) is not writable: \(reason).")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw BackendError(.rejected, "The data folder \(path) is in use by another sojourn process.")
        }
        self.lock = Mutex(descriptor)
        self.database = "\(path)/sojourn.sqlite"
    }

    /// Lets another process have the folder.
    func release() {
        lock.withLock { descriptor in
            if let descriptor { close(descriptor) }
            descriptor = nil
        }
    }

    deinit { release() }
}
#endif
