#if SQLite
import Foundation
import SojournBench
import SojournCore
import SojournSQLite

/// The backends that `sojourn bench` measures.
enum BenchSubjects {
    /// SQLite, in a new folder for each figure.
    static func sqlite(in folder: URL) -> BenchSubject {
        let data = folder.appendingPathComponent("data")
        return BenchSubject(
            name: "sqlite", load: .init(batch: 500, producers: 64),
            open: {
                try? FileManager.default.removeItem(at: data)
                let sqlite = try SQLiteQueue(folder: data.path)
                return .init(queue: LocalTaskQueue(store: sqlite, backend: sqlite)) { sqlite.close() }
            },
            storedBytes: { try bytes(in: data) },
            rawLimit: { count in
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                let path = folder.appendingPathComponent("raw-\(UUID().uuidString).sqlite").path
                return try await SQLiteRawLimit.drain(count, path: path)
            }, enqueueHTTP: BenchHTTP.enqueue)
    }

    private static func bytes(in folder: URL) throws -> Int {
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: [.fileSizeKey])
        return try files.reduce(0) { try $0 + ($1.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0) }
    }
}
#endif
