import Foundation

/// The files of this repository, read once.
struct Repository: Sendable {
    let files: [SourceFile]

    static let here = Result { try Repository(root: root(above: #filePath)) }

    /// Reads every text file below `root`, in the order of their paths. Does not follow links.
    init(root: URL) throws {
        var files: [SourceFile] = []
        try Repository.read(root, below: "", into: &files)
        self.files = files
    }

    /// Every `Sources/<layer>/<target>` that holds a file.
    var homes: [(layer: String, target: String)] {
        let folders = Set(files.compactMap(\.home).map { "\($0.layer)/\($0.target)" })
        return folders.sorted().map { folder in
            let parts = folder.split(separator: "/").map(String.init)
            return (parts[0], parts[1])
        }
    }

    private static func read(_ folder: URL, below path: String, into files: inout [SourceFile]) throws {
        let keys: [URLResourceKey] = [.isDirectoryKey, .isRegularFileKey]
        let entries = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: keys)
        for entry in entries.sorted(by: { $0.lastPathComponent < $1.lastPathComponent }) {
            let name = entry.lastPathComponent
            let values = try entry.resourceValues(forKeys: Set(keys))
            if values.isDirectory == true, isOurs(folder: name) {
                try read(entry, below: path + name + "/", into: &files)
            } else if values.isRegularFile == true, let text = try? String(contentsOf: entry, encoding: .utf8) {
                files.append(SourceFile(path: path + name, text: text))
            }
        }
    }

    /// Build products, version control and a server's data are not ours to judge.
    private static func isOurs(folder name: String) -> Bool {
        name.hasPrefix(".") ? [".ci", ".github"].contains(name) : !["sojourn-data", "__pycache__"].contains(name)
    }

    /// The folder with `Package.swift` above `file`. Links are resolved first: the tests may be reached through one.
    private static func root(above file: String) throws -> URL {
        var folder = URL(fileURLWithPath: file).resolvingSymlinksInPath()
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            let manifest = folder.appendingPathComponent("Package.swift").path
            if FileManager.default.fileExists(atPath: manifest) { return folder }
        }
        throw CocoaError(.fileNoSuchFile, userInfo: [NSFilePathErrorKey: "Package.swift above \(file)"])
    }
}
