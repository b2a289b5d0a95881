import Foundation
import Sojourn
import SojournSQLite
import SojournServer

/// One picture to make small.
struct MakeThumbnail: TaskPayload {
    static let type: TaskType = "thumbnail.make"
    let picture: String
    let side: Int
}

/// What is kept with the task when it is done.
struct Thumbnail: Codable, Sendable {
    let path: String
    let width: Int
    let height: Int
}

@main
struct Thumbnails {
    static func main() async throws {
        let folder = URL(fileURLWithPath: CommandLine.arguments.dropFirst().first ?? "pictures")
        try Samples.make(in: folder)
        let sqlite = try SQLiteQueue(folder: folder.appendingPathComponent(".sojourn").path)
        let queue = LocalTaskQueue(store: sqlite, backend: sqlite, policies: TaskPolicies(maxRetries: 2))
        let worker = Worker(
            source: queue, handlers: handlers(), configuration: .init(concurrency: 4, name: "thumbnails", isLocal: true)
        )

        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        let pictures = files.map(\.path).filter { $0.hasSuffix(".ppm") && !$0.hasSuffix(".small.ppm") }.sorted()
        let results = try await Producer(queue).enqueueAll(
            pictures.map { MakeThumbnail(picture: $0, side: 64) }, .on("thumbnails"), .timeout(.seconds(30)))

        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await worker.run() }
            group.addTask { try await Server(queue: queue).run() }
            for case .inserted(let id) in results { try await show(id, in: queue) }
            group.cancelAll()
        }
        sqlite.close()
    }

    static func handlers() -> HandlerRegistry {
        var handlers = HandlerRegistry()
        handlers.register(MakeThumbnail.self, returning: Thumbnail.self) { task, _ in
            let data = try Data(contentsOf: URL(fileURLWithPath: task.picture))
            let small: Pixmap
            do {
                small = try Pixmap(file: data).scaled(to: task.side)
            } catch {
                // The same bytes will not be a picture next time either: no retry.
                throw Failure("\(error)", isRetryable: false)
            }
            let target = String(task.picture.dropLast(4)) + ".small.ppm"
            try small.file.write(to: URL(fileURLWithPath: target), options: .atomic)
            return Thumbnail(path: target, width: small.width, height: small.height)
        }
        return handlers
    }

    /// Waits until a task is over, and prints what became of it.
    static func show(_ id: TaskID, in queue: LocalTaskQueue) async throws {
        while true {
            if let record = try await queue.store.task(id), record.status.isFinal {
                let result = record.result.map { String(decoding: $0, as: UTF8.self) }
                return print("\(record.status): \(result ?? record.lastError ?? "")")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}

/// Something to begin with, where there is nothing yet.
enum Samples {
    static func make(in folder: URL) throws {
        guard !FileManager.default.fileExists(atPath: folder.path) else { return }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (index, size) in [(640, 480), (300, 900), (1_200, 400), (50, 50)].enumerated() {
            let bytes = (0..<size.0 * size.1).flatMap { pixel -> [UInt8] in
                let (x, y) = (pixel % size.0 * 255 / size.0, pixel / size.0 * 255 / size.1)
                return [UInt8(x), UInt8(y), UInt8(index * 60)]
            }
            let picture = Pixmap(width: size.0, height: size.1, bytes: bytes)
            try picture.file.write(to: folder.appendingPathComponent("sample-\(index + 1).ppm"))
        }
        try Data("no picture at all".utf8).write(to: folder.appendingPathComponent("sample-5-broken.ppm"))
    }
}
